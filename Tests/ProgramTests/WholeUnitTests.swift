// What is not decided line by line: modes, links, binaries, deletions, large files.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct WholeUnitTests {
  @Test func `modes, deletions, links and binaries are committed as they were decided`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository([
      "delete.txt": "goes\n", "keep.txt": "stays\n", "mode.sh": "echo\n",
      "undelete.txt": "stays too\n",
    ])
    try scratch.write([0, 1, 2, 0xFF], to: "repo/data.bin")
    try scratch.write([0, 1, 2, 0xFE], to: "repo/other.bin")
    let base = try scratch.commit([:], "binaries")
    try scratch.write([0, 9, 9, 0xFF], to: "repo/data.bin")
    try scratch.write([0, 9, 9, 0xFE], to: "repo/other.bin")
    chmod("\(scratch.repository)/mode.sh", 0o755)
    symlink("keep.txt", "\(scratch.repository)/link")
    symlink("/etc/passwd", "\(scratch.repository)/out")
    let tip = try scratch.commit(["delete.txt": "", "undelete.txt": ""], "changes")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 7))
    let rejected = ["other.bin", "out", "undelete.txt"]
    while let tally = terminal.tally, tally.undecided > 0 {
      let title = terminal.reviewTitle + " "
      if rejected.contains(where: { title.contains(" \($0) ") }) {
        try terminal.reject()
        continue
      }
      try terminal.send("!")
      try terminal.waitFor("an answer") {
        $0.message.contains("cknowledge") || $0.shows("To acknowledge, type")
      }
      #expect(!terminal.shows("To acknowledge, type"), "\(title)")
      try terminal.approve()
    }
    let commit = try terminal.commit()
    try terminal.leave()
    let raw = try scratch.git("diff-tree", "-r", "--no-renames", "--name-status", base, commit)
    #expect(raw == "M\tdata.bin\nD\tdelete.txt\nA\tlink\nM\tmode.sh")
    for path in ["data.bin", "link", "mode.sh", "keep.txt"] {
      #expect(try scratch.git("ls-tree", commit, path) == scratch.git("ls-tree", tip, path))
    }
    for path in rejected {
      #expect(try scratch.git("ls-tree", commit, path) == scratch.git("ls-tree", base, path))
    }
    try scratch.expectClean()
  }

  @Test func `a link out of the tree needs the phrase`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": "a\n"])
    symlink("../../etc/passwd", "\(scratch.repository)/out")
    try scratch.commit([:], "link")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.press("y", saying: "acknowledge by typing")
    try terminal.send("!")
    try terminal.waitFor(text: "To acknowledge, type")
    try terminal.send(Keys.escape)
    try terminal.waitFor("the review below") { !$0.shows("To acknowledge, type") }
    try terminal.press("y", saying: "acknowledge by typing")
    #expect(terminal.tally?.approved == 0)
    try terminal.leave()
  }

  @Test func `three thousand changed lines open, scroll and are left at once`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["big.txt": numberedLines(3000, "old")])
    try scratch.commit(["big.txt": numberedLines(3000, "new")], "all lines")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitFor("the review", timeoutSeconds: 60) { $0.tally?.undecided == 1 }
    try terminal.settle()
    try terminal.send("G")
    try terminal.waitFor(text: "line 3000")
    try terminal.send("g")
    try terminal.waitFor(text: "line 5")
    try terminal.press("y", saying: "not on screen yet")
    #expect(terminal.tally?.approved == 0)
    try terminal.leave()
  }

  @Test func `five hundred files are listed, and the last is reached`() throws {
    let scratch = try Scratch()
    var files: [String: String] = [:]
    for number in 100...599 { files["dir\(number % 7)/file\(number).txt"] = "\(number)\n" }
    try scratch.makeRepository(["a.txt": "a\n"])
    try scratch.commit(files, "many")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitForReview(
      ShownTally(approved: 0, rejected: 0, undecided: 500), timeoutSeconds: 60)
    try terminal.send("[")
    try terminal.send("\u{1B}[Z")
    try terminal.waitFor(text: "dir6/file594.txt")
    try terminal.approve()
    try terminal.leave()
  }
}
