// The end of a landing: its journal, looked for cheaply and removed once the commit is on record.

import Approval
import Glibc

extension Repository {
  /// What a journal calls this checkout: its git directory, seen from the common one, so that a moved repository finds its own.
  var checkoutName: String {
    gitDirectory.hasPrefix(commonDirectory + "/")
      ? String(gitDirectory.dropFirst(commonDirectory.count + 1)) : "."
  }

  /// Whether `checkout` is a linked checkout of this repository, and still there.
  func hasOtherCheckout(_ checkout: String) -> Bool {
    checkout != checkoutName
      && access(checkout == "." ? commonDirectory : "\(commonDirectory)/\(checkout)", F_OK) == 0
  }

  /// Whether a landing began in this directory and was not reported as ended.
  package static func hasLandingJournal(in directory: String) -> Bool {
    access(LandingJournal.path(in: directory), F_OK) == 0
  }

  /// Brings the files that followed, and their directories, to the disk, before the journal says that they did: git syncs its own files
  /// only.
  func syncFiles(_ journal: LandingJournal) throws(GitError) {
    guard journal.manner == .moving else { return }
    let files = try BeneathDirectory(opening: workDirectory)
    for change in try store.changes(from: journal.oldTree, to: journal.newTree) {
      try files.sync(change.path)
    }
  }

  /// Takes away the journal of a landing that has ended: to be called once the commit is on record.
  ///
  /// The journal of one whose files could not follow yet stays for `finishLanding`.
  package static func endLanding(journalDirectory: String) throws(GitError) {
    guard let journal = try LandingJournal.read(in: journalDirectory) else { return }
    guard journal.manner.isEnded else { return }
    try LandingJournal.remove(in: journalDirectory)
  }
}
