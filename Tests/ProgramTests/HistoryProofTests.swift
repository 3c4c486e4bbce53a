// A history of commits made through the program on a terminal, each of a random part of what there was, proved twice.

import TestSupport
import FilmStrip
import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(30))) struct HistoryProofTests {
  private static let python = "/usr/bin/python3"
  private static let script =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    + "/Documentation/independent-verify.py"

  private func independent(_ scratch: Scratch, _ range: String) throws -> CommandResult {
    try run(
      [Self.python, Self.script, range], environment: scratch.environment(),
      directory: scratch.repository, timeoutSeconds: 300)
  }

  /// Writes random changes into the working tree: lines changed, added, removed, files made, deleted, made executable.
  private func change(
    _ scratch: Scratch, _ round: Int, _ random: inout SeededRandom
  ) throws {
    for name in ["a", "b", "c"] where random.oneIn(2) || name == "a" {
      var lines = (0..<40).map { "\(name) line \($0)" }
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let place = Int.random(in: 0..<lines.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: lines[place] = "\(name) changed in \(round), \(place)"
        case 1: lines.insert("\(name) added in \(round)", at: place)
        default: lines.remove(at: place)
        }
      }
      let end = random.oneIn(2) ? "\n" : ""
      try scratch.write(
        Array((lines.joined(separator: "\n") + end).utf8), to: "repo/\(name).txt",
        mode: random.oneIn(2) ? 0o644 : 0o755)
    }
    let path = "\(scratch.repository)/new-\(round % 4).txt"
    if access(path, F_OK) == 0 {
      unlink(path)
    } else {
      try scratch.write(Array("new in \(round)\n".utf8), to: "repo/new-\(round % 4).txt")
    }
    _ = try scratch.git("-c", "core.fileMode=true", "status", "--short")
  }

  /// A failure names the seed, with which the same history is made again.
  @Test(
    .enabled(if: access(python, X_OK) == 0, "there is no \(python)."),
    arguments: [UInt64.random(in: 0...UInt64.max)])
  func `a history made on a terminal is proved by verify and without us`(seed: UInt64) throws {
    var random = SeededRandom(seed)
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(40, "a"), "b.txt": numberedLines(40, "b")])
    let root = try scratch.git("rev-parse", "HEAD")
    let count = Depth.isDeep ? 300 : 6
    var made = 0
    var round = 0
    while made < count {
      round += 1
      try change(scratch, round, &random)
      let terminal = try scratch.terminal(
        ["review", "--new"], rows: 60,
        environment: ["GIT_EDITOR": "sed -i '1s/^/Change \(round)/'"])
      try terminal.waitFor("a review") { $0.tally.map { $0.total > 0 && $0.decided == 0 } ?? false }
      try terminal.settle()
      var left = try #require(terminal.tally).total
      var approved = 0
      while left > 0 {
        if !random.oneIn(3) {
          do {
            try terminal.approve()
          } catch {
            // A finding is in the way: a file that becomes executable, say.
            try terminal.acknowledgeAll()
            try terminal.approve()
          }
          approved += 1
        } else {
          try terminal.reject()
        }
        left -= 1
      }
      guard approved > 0 else {
        try terminal.leave()
        continue
      }
      _ = try terminal.commit(withMessageFromEditor: "Change \(round)")
      try terminal.leave()
      made += 1
    }
    let range = "\(root)..HEAD"
    #expect(try scratch.git("rev-list", "--count", range) == "\(count)")
    let verified = try scratch.countersign(["verify", range], timeoutSeconds: 300)
    #expect(verified.exit == .code(0), "\(verified.text)")
    let independent = try independent(scratch, range)
    #expect(independent.exit == .code(0), "\(independent.text)\(independent.problem)")
    #expect(independent.text.matches(of: /approvals in/).count == count)
    try scratch.git("fsck", "--strict", "--no-dangling")

    // Both find what does not hold.
    _ = try scratch.git("reset", "-q", "--hard")
    try scratch.write(Array("more\n".utf8), to: "repo/b.txt")
    _ = try scratch.git("commit", "-q", "--amend", "--no-edit", "b.txt")
    _ = try scratch.git("notes", "--ref=countersign", "copy", "-f", "HEAD@{1}", "HEAD")
    #expect(try scratch.countersign(["verify"]).exit == .code(3))
    let broken = try self.independent(scratch, "HEAD")
    #expect(broken.exit == .code(1) && broken.text.contains("another tree"), "\(broken.text)")
  }
}
