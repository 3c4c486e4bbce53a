// Locks that a landing which was cut off left in the repository.

import Approval
import Glibc

extension Repository {
  /// Removes locks that the cut-off landing left: younger than its journal, open in no process, and no git at work in the repository.
  ///
  /// A living git need not have its lock open: `git commit -a` holds the index's with a closed file while its editor is up.
  func removeStaleLocks(
    _ journal: LandingJournal, _ journalDirectory: String
  ) throws(GitError) {
    var journalStatus = stat()
    guard stat(LandingJournal.path(in: journalDirectory), &journalStatus) == 0 else { return }
    var locks = ["\(gitDirectory)/index.lock", "\(gitDirectory)/HEAD.lock"]
    if journal.branch != "HEAD" { locks.append("\(commonDirectory)/\(journal.branch).lock") }
    for lock in locks {
      var status = stat()
      guard lstat(lock, &status) == 0 else { continue }
      let isYounger =
        (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        >= (journalStatus.st_mtim.tv_sec, journalStatus.st_mtim.tv_nsec)
      guard isYounger, !isHeld(lock) else { continue }
      try removeDurably(lock)
    }
  }

  /// Whether a git is still moving the branch or the files of this landing: its words name the commit, or its tree.
  func isUnderWay(_ journal: LandingJournal) -> Bool {
    let names = [journal.new.hex, journal.newTree.hex]
    return directoryNames("/proc").filter { $0.allSatisfy(\.isNumber) }.contains { process in
      let words = words(of: process)
      return isGit(words) && ["update-ref", "read-tree"].contains { words.contains($0) }
        && names.contains { words.contains($0) } && isHere(process)
    }
  }

  /// Whether a process that we may look into has the file open, or is a git that works in this repository.
  private func isHeld(_ lock: String) -> Bool {
    let lock = realPath(lock) ?? lock
    return directoryNames("/proc").filter { $0.allSatisfy(\.isNumber) }.contains { process in
      let descriptors = "/proc/\(process)/fd"
      if directoryNames(descriptors).contains(where: { target(of: "\(descriptors)/\($0)") == lock })
      {
        return true
      }
      return isGit(words(of: process)) && isHere(process)
    }
  }

  /// Whether the process works in this repository or its checkout: by its directory, its command line or its environment.
  private func isHere(_ process: String) -> Bool {
    let places = [workDirectory, gitDirectory, commonDirectory].map { realPath($0) ?? $0 }
    let named = (words(of: process) + environment(of: process)).map { word in
      let path = word.split(separator: "=", maxSplits: 1).last.map(String.init) ?? word
      return realPath(path) ?? path
    }
    return (named + [target(of: "/proc/\(process)/cwd")].compactMap { $0 }).contains { path in
      places.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
  }

  /// What tells git in its environment where to work; empty for a process that has gone or is another user's.
  private func environment(of process: String) -> [String] {
    ((try? readFile("/proc/\(process)/environ")) ?? []).split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }.filter { $0.hasPrefix("GIT_") }
  }

  /// The command line of a process; empty for one that has gone.
  private func words(of process: String) -> [String] {
    let bytes = (try? readFile("/proc/\(process)/cmdline")) ?? []
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether it is git, other than the file watcher that it leaves running.
  private func isGit(_ words: [String]) -> Bool {
    guard let program = words.first?.split(separator: "/").last else { return false }
    return (program == "git" || program.hasPrefix("git-")) && !words.contains("fsmonitor--daemon")
  }

  private func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink(link, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
