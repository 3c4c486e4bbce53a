// Commits checked against what was approved: honest ones pass, in a clone too, and whatever is changed afterwards is found.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(10))) struct VerifyTests {
  /// A committed review of three files, one of them in part; its commit, and its session.
  private func committed(
    configuration: String = ""
  ) throws -> (scratch: Scratch, commit: String, session: String) {
    let scratch = try Scratch()
    if !configuration.isEmpty { try scratch.configure(configuration) }
    try scratch.makeRepository([
      "a.txt": numberedLines(40, "a"), "b.txt": numberedLines(9, "b"), "gone.txt": "gone\n",
    ])
    try scratch.write(
      Array(numberedLines(40, "a", changing: [5: "five", 20: "twenty", 35: "thirty-five"]).utf8),
      to: "repo/a.txt")
    try scratch.write(
      Array(numberedLines(9, "b", changing: [9: "nine\nten"]).utf8), to: "repo/b.txt")
    _ = try scratch.git("rm", "--quiet", "gone.txt")
    let screen = try scratch.terminal(
      ["review"], environment: ["EDITOR": "sed -i 1s/^/Message/"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try screen.approve()
    try screen.reject()
    for _ in 0..<3 { try screen.approve() }
    let commit = try screen.commit(withMessageFromEditor: "Message")
    try screen.leave()
    return (scratch, commit, try scratch.onlySession())
  }

  private func verify(
    _ scratch: Scratch, _ arguments: [String] = [], in directory: String? = nil,
    exit: Int, saying words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try scratch.countersign(["verify"] + arguments, in: directory)
    #expect(
      result.exit == .code(exit), "\(result.text)\(result.problem)", sourceLocation: sourceLocation)
    #expect(result.text.contains(words), "\(result.text)", sourceLocation: sourceLocation)
  }

  @Test func `an honest commit is verified here, by the note alone in a clone, and no other`()
    throws
  {
    let (scratch, commit, session) = try committed()
    try verify(scratch, exit: 0, saying: "verified    4 approvals in 3 files, session \(session)/")
    try verify(scratch, exit: 0, saying: "by note and ledger")
    try verify(scratch, ["HEAD~1"], exit: 1, saying: "untracked")
    try verify(scratch, ["HEAD~1..HEAD"], exit: 0, saying: "verified")
    let json = try scratch.countersign(["verify", "--json", commit]).text
    #expect(json.contains(#""schema":"countersign.verify/1""#) && json.contains(commit))
    #expect(json.contains(#""standing":"verified""#))
    let nothing = try scratch.countersign(["verify", "no-such-thing"])
    #expect(nothing.exit == .code(1) && nothing.problem.contains("no-such-thing"))

    // What was rejected is not in the note, and git shows the note as it is.
    let note = try scratch.git("log", "-1", "--format=%N", "--notes=countersign")
    #expect(
      note.hasPrefix("Reviewed with Countersign: 4 approvals in 3 files, session \(session)\n"))
    #expect(!note.contains("twenty"))

    let clone = "\(scratch.path)/clone"
    _ = try scratch.git("clone", "--quiet", scratch.repository, clone)
    try verify(scratch, in: clone, exit: 1, saying: "fetch the notes")
    _ = try scratch.git(
      "-C", clone, "fetch", "--quiet", "origin",
      "refs/notes/countersign:refs/notes/countersign")
    try verify(scratch, in: clone, exit: 0, saying: "by note\n")
    // Amended there: the record is found on the commit that it was made for, and does not hold.
    let before = try scratch.git("-C", clone, "rev-parse", "HEAD")
    try scratch.write(Array("evil\n".utf8), to: "clone/evil.txt")
    _ = try scratch.git("-C", clone, "add", "evil.txt")
    _ = try scratch.git("-C", clone, "commit", "--quiet", "--amend", "--no-edit")
    try verify(scratch, in: clone, exit: 3, saying: "is not the one that was approved")
    // A paragraph after the record hides it from nobody.
    _ = try scratch.git("-C", clone, "reset", "--quiet", "--hard", before)
    let words = try scratch.git("-C", clone, "log", "-1", "--format=%B")
    _ = try scratch.git("-C", clone, "commit", "--quiet", "--amend", "-m", words, "-m", "x")
    try verify(scratch, in: clone, exit: 3, saying: "outside its last paragraph")
    try verify(scratch, ["HEAD..HEAD"], in: clone, exit: 1, saying: "")
  }

  @Test func `without a note the ledger proves it, and without a trailer nothing says when`() throws
  {
    let (quiet, _, _) = try committed(configuration: "[commit]\nnotes = false\n")
    #expect(try quiet.git("for-each-ref", "refs/notes") == "")
    try verify(quiet, exit: 0, saying: "by ledger")
    let (bare, _, _) = try committed(configuration: "[commit]\ntrailers = false\n")
    try verify(bare, exit: 1, saying: "unanchored  4 approvals")
  }

  @Test func `an amended, rebased or relabelled commit is found`() throws {
    let (scratch, commit, session) = try committed()
    let message = try scratch.git("log", "-1", "--format=%B")
    // The tree is not the approved one: by the ledger, and by a note that was moved along.
    try scratch.write(Array("more\n".utf8), to: "repo/b.txt")
    _ = try scratch.git("commit", "--quiet", "--amend", "--no-edit", "b.txt")
    try verify(scratch, exit: 3, saying: "is not the one that was approved")
    _ = try scratch.git("notes", "--ref=countersign", "copy", "-f", commit, "HEAD")
    try verify(scratch, exit: 3, saying: "is not the one that was approved")
    // The same tree on another parent.
    _ = try scratch.git("reset", "--quiet", "--hard", commit)
    let tree = try scratch.git("rev-parse", "HEAD^{tree}")
    let other = try scratch.git("commit-tree", "-p", commit, "-m", message, tree)
    try verify(scratch, [other], exit: 3, saying: "is not the base that was reviewed")
    // A message that names the record of another commit, twice, or badly.
    let before = try scratch.git("rev-parse", "\(commit)^")
    for (trailers, words) in [
      (["\(session)/0 sha256:\(String(repeating: "a", count: 64))"], "does not hold"),
      (["\(session)/999 sha256:\(String(repeating: "a", count: 64))"], "does not hold"),
      (["\(session)/0", "\(session)/1"], "cannot be read, or is there twice"),
      (["../../etc/0 sha256:\(String(repeating: "a", count: 64))"], "cannot be read"),
    ] {
      let lines = trailers.map { "Countersign-Record: \($0)" }.joined(separator: "\n")
      let forged = try scratch.git("commit-tree", "-p", before, "-m", "Forged\n\n\(lines)", tree)
      try verify(scratch, [forged], exit: 3, saying: words)
    }
    // What git takes for a second one counts as such, however it is written.
    let parent = try scratch.git("rev-parse", "\(commit)^")
    for (line, ending) in [
      ("Countersign-Record:\tX", "\n"), ("countersign-record: other/9 sha256:00", "\n"),
      ("COUNTERSIGN-RECORD : X", "\n"), ("Reviewed-by: Somebody", "\r\n"),
    ] {
      let last = message.last == "\n" ? "" : "\n"
      let forged = (message + "\(last)\(line)\n").split(
        separator: "\n", omittingEmptySubsequences: false
      ).joined(separator: ending)
      try scratch.write(Array(forged.utf8), to: "tmp/forged")
      let other = try scratch.git(
        "commit-tree", "-p", parent, "-F", "\(scratch.path)/tmp/forged", tree)
      let result = try scratch.countersign(["verify", other])
      if ending == "\n" {
        #expect(result.exit == .code(3) && result.text.contains("twice"), "\(line): \(result.text)")
      } else {
        // The same record, for the same tree and base: what ends its lines is nobody's lie.
        #expect(result.exit == .code(0), "\(line): \(result.text)")
      }
    }
  }

  @Test func `every change to a note is found`() throws {
    let (scratch, commit, _) = try committed()
    let note = Array(try scratch.git("notes", "--ref=countersign", "show", commit).utf8) + [10]
    let clone = "\(scratch.path)/clone"
    _ = try scratch.git("clone", "--quiet", scratch.repository, clone)
    func check(_ changed: [UInt8], _ what: String) throws {
      guard changed != note else { return }
      try scratch.write(changed, to: "tmp/note")
      let blob = try scratch.git("-C", clone, "hash-object", "-w", "\(scratch.path)/tmp/note")
      _ = try scratch.git(
        "-C", clone, "notes", "--ref=countersign", "add", "-f", "-C", blob, commit)
      let result = try scratch.countersign(["verify", commit], in: clone)
      #expect(result.exit == .code(3), "\(what): \(result.text)\(result.problem)")
      #expect(
        result.text.contains("The note is none that Countersign wrote")
          || result.text.contains("The note is not the record that the commit names"), "\(what)")
    }
    // Every value of the record, one after the other: its last character becomes another of its kind.
    var values = 0
    var index = note.firstIndex(of: UInt8(ascii: "{")) ?? 0
    while index < note.count {
      let byte = note[index]
      if byte == UInt8(ascii: "\"") {
        let end = note[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) ?? note.count - 1
        if end > index + 1 {
          var changed = note
          changed[end - 1] =
            changed[end - 1] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
          try check(changed, "the text that ends at \(end)")
          values += 1
        }
        index = end + 1
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        var changed = note
        changed[index] = byte == UInt8(ascii: "9") ? UInt8(ascii: "8") : byte + 1
        try check(changed, "the number at \(index)")
        values += 1
        index += 1
      } else {
        index += 1
      }
    }
    #expect(values > 100, "\(values) values were changed")
    // And bytes anywhere, the heading included.
    var random = SystemRandomNumberGenerator()
    for _ in 0..<(getenv("COUNTERSIGN_DEEP") == nil ? 20 : 1000) {
      var changed = note
      let place = Int.random(in: 0..<note.count, using: &random)
      let byte = UInt8.random(in: 1...255, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed[place] ^= byte
      case 1: changed.insert(byte, at: place)
      default: changed.remove(at: place)
      }
      try check(changed, "byte \(byte) at \(place)")
    }
    try check(Array(note.dropLast()), "the last byte left out")
    try check(note + note, "the note twice")
    try check(Array("x".utf8) + note, "a byte before")
    // And the honest note again.
    try scratch.write(note, to: "tmp/note")
    let blob = try scratch.git("-C", clone, "hash-object", "-w", "\(scratch.path)/tmp/note")
    _ = try scratch.git("-C", clone, "notes", "--ref=countersign", "add", "-f", "-C", blob, commit)
    try verify(scratch, [commit], in: clone, exit: 0, saying: "verified")
  }

  @Test func `a ledger with a record changed, dropped, doubled, swapped or cut off is found`()
    throws
  {
    let (scratch, commit, session) = try committed()
    _ = try scratch.git("update-ref", "-d", "refs/notes/countersign")
    let name = "repo/.git/countersign/sessions/\(session)/ledger.jsonl"
    let whole = try scratch.read(name)
    let lines = whole.split(separator: 10).map { Array($0) + [10] }
    let anchor = try #require(
      lines.firstIndex { String(decoding: $0, as: UTF8.self).contains(#""kind":"approval""#) })
    func check(_ changed: [[UInt8]], _ what: String) throws {
      try scratch.write(Array(changed.joined()), to: name)
      let result = try scratch.countersign(["verify", commit])
      #expect(result.exit == .code(3), "\(what): \(result.text)\(result.problem)")
      #expect(result.text.contains("The ledger of session \(session) does not hold"), "\(what)")
    }
    var random = SystemRandomNumberGenerator()
    for place in 0...anchor {
      var changed = lines
      let byte = Int.random(in: 0..<lines[place].count - 1, using: &random)
      changed[place][byte] ^= 1
      try check(changed, "byte \(byte) of record \(place)")
      changed = lines
      changed.remove(at: place)
      try check(changed, "record \(place) dropped")
      changed = lines
      changed.insert(lines[place], at: place)
      try check(changed, "record \(place) doubled")
      try check(Array(lines[..<place]), "cut off before record \(place)")
      guard place > 0 else { continue }
      changed = lines
      changed.swapAt(place, place - 1)
      try check(changed, "records \(place - 1) and \(place) swapped")
    }
    try scratch.write(whole, to: name)
    try verify(scratch, [commit], exit: 0, saying: "by ledger")
  }
}
