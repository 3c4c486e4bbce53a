// Approvals that are signed: by whom, and what becomes of a signature that is not theirs.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct SigningTests {
  private static let settings = """
    [commit]
    signing_key = "~/.ssh/id"
    allowed_signers = "~/.ssh/allowed"
    [policy]
    require_signed_approvals = true
    """

  /// A review whose approvals are signed by a key of its own.
  private func signedReview() throws -> RangeReview {
    let review = try RangeReview(configuration: Self.settings)
    try makeKey(review.scratch, "id")
    let key = String(
      decoding: try readFile("\(review.scratch.path)/home/.ssh/id.pub"), as: UTF8.self)
    try review.scratch.write(Array("ada@example.org \(key)".utf8), to: "home/.ssh/allowed")
    return review
  }

  private func makeKey(_ scratch: Scratch, _ name: String) throws {
    try scratch.write([], to: "home/.ssh/.made")
    let made = try run(
      [
        "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f",
        "\(scratch.path)/home/.ssh/\(name)",
      ], environment: scratch.environment(), directory: "/")
    #expect(made.exit == .code(0), "\(made.problem)")
  }

  private func commit(_ review: RangeReview) throws -> String {
    let terminal = try review.open()
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()
    return commit
  }

  private func expect(
    _ scratch: Scratch, _ commit: String, exit code: Int, saying words: String,
    in directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try scratch.countersign(["verify", commit], in: directory)
    #expect(result.exit == .code(code), "\(result.text)", sourceLocation: sourceLocation)
    #expect(result.text.contains(words), "\(result.text)", sourceLocation: sourceLocation)
  }

  private func setNote(_ scratch: Scratch, _ commit: String, _ note: String, in directory: String)
    throws
  {
    try scratch.write(Array(note.utf8), to: "tmp/note")
    let blob = try scratch.git("-C", directory, "hash-object", "-w", "\(scratch.path)/tmp/note")
    _ = try scratch.git(
      "-C", directory, "notes", "--ref=countersign", "add", "-f", "-C", blob, commit)
  }

  @Test func `a signed approval is verified here and in a clone, by whoever is allowed`() throws {
    let review = try signedReview()
    let scratch = review.scratch
    let commit = try commit(review)
    try expect(scratch, commit, exit: 0, saying: "signed by ada@example.org")
    let clone = "\(scratch.path)/clone"
    _ = try scratch.git("clone", "--quiet", scratch.repository, clone)
    _ = try scratch.git(
      "-C", clone, "fetch", "--quiet", "origin", commit,
      "refs/notes/countersign:refs/notes/countersign")
    try expect(scratch, commit, exit: 0, saying: "by note, signed by ada@example.org", in: clone)
    // Somebody else's list does not have the key.
    try makeKey(scratch, "other")
    let other = String(
      decoding: try readFile("\(scratch.path)/home/.ssh/other.pub"), as: UTF8.self)
    try scratch.write(Array("eve@example.org \(other)".utf8), to: "home/.ssh/allowed")
    try expect(
      scratch, commit, exit: 1, saying: "signed by a key that allowed_signers does not name",
      in: clone)
    // Without the policy it is verified, and says that nobody vouches for the key.
    try scratch.configure("[commit]\nallowed_signers = \"~/.ssh/allowed\"\n")
    try expect(scratch, commit, exit: 0, saying: "a key that nobody vouches for", in: clone)
    let ledger = try review.ledger()
    #expect(ledger.contains("\"kind\":\"signature\""))
  }

  @Test func `a signature that is changed, taken away or another record's is found`() throws {
    let review = try signedReview()
    let scratch = review.scratch
    let commit = try commit(review)
    let clone = "\(scratch.path)/clone"
    _ = try scratch.git("clone", "--quiet", scratch.repository, clone)
    _ = try scratch.git("-C", clone, "fetch", "--quiet", "origin", commit)
    let note = try scratch.git("notes", "--ref=countersign", "show", commit) + "\n"
    let begin = try #require(note.firstRange(of: "-----BEGIN")).lowerBound
    let (record, signature) = (String(note[..<begin]), String(note[begin...]))
    try setNote(scratch, commit, record, in: clone)
    try expect(scratch, commit, exit: 1, saying: "there is none", in: clone)
    // Letters in the middle of it, one after the other.
    let lines = signature.split(separator: "\n").map(String.init)
    for line in [2, lines.count - 2] {
      var changed = lines
      let first = changed[line].first == "A" ? "B" : "A"
      changed[line] = first + changed[line].dropFirst()
      try setNote(scratch, commit, record + changed.joined(separator: "\n") + "\n", in: clone)
      try expect(scratch, commit, exit: 3, saying: "The signature is not of this record", in: clone)
    }
    // By the right key, but of other words, and in another namespace.
    for (namespace, words) in [
      ("countersign-approval", "something else"), ("git", try line(of: record)),
    ] {
      try scratch.write(Array(words.utf8), to: "tmp/words")
      let made = try run(
        [
          "/bin/sh", "-c",
          "ssh-keygen -q -Y sign -f \(scratch.path)/home/.ssh/id -n \(namespace) < \(scratch.path)/tmp/words",
        ], environment: scratch.environment(), directory: "/")
      let forged = String(decoding: made.output, as: UTF8.self)
      #expect(forged.hasPrefix("-----BEGIN"))
      try setNote(scratch, commit, record + forged, in: clone)
      try expect(scratch, commit, exit: 3, saying: "The signature is not of this record", in: clone)
    }
    // More than one, or anything after it, is no note of ours.
    for more in [signature + signature, signature + "x\n"] {
      try setNote(scratch, commit, record + more, in: clone)
      try expect(scratch, commit, exit: 3, saying: "VIOLATED", in: clone)
    }
    try setNote(scratch, commit, note, in: clone)
    try expect(scratch, commit, exit: 0, saying: "signed by ada@example.org", in: clone)
  }

  private func line(of record: String) throws -> String {
    try #require(record.split(separator: "\n").map(String.init).first { $0.hasPrefix("{") })
  }

  @Test func `what cannot be signed is not committed, and stays approved`() throws {
    let review = try signedReview()
    let scratch = review.scratch
    unlink("\(scratch.path)/home/.ssh/id")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.askToCommit()
    try terminal.waitFor(text: "Nothing was committed")
    try terminal.waitFor(text: "could not be signed")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally?.approved == 1 }
    try terminal.leave()
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign*").isEmpty)
    // And once the key is there, it is.
    unlink("\(scratch.path)/home/.ssh/id.pub")
    try makeKey(scratch, "id")
    let key = try readFile("\(scratch.path)/home/.ssh/id.pub")
    try scratch.write(Array("ada@example.org ".utf8) + key, to: "home/.ssh/allowed")
    let again = try review.open()
    _ = try again.commit()
    try again.leave()
  }

  @Test func `a key that nobody vouches for signs no commit`() throws {
    let review = try signedReview()
    let scratch = review.scratch
    try makeKey(scratch, "other")
    let other = try readFile("\(scratch.path)/home/.ssh/other.pub")
    try scratch.write(Array("eve@example.org ".utf8) + other, to: "home/.ssh/allowed")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.askToCommit()
    try terminal.waitFor(text: "Nothing was committed")
    try terminal.waitFor(text: "signed by one of allowed_signers")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign*").isEmpty)
  }

  @Test func `a policy that asks for signatures without a key holds the commit`() throws {
    let review = try RangeReview(
      configuration: "[policy]\nrequire_signed_approvals = true\n")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy requires signed approvals")
    try terminal.press("C", saying: "Your policy requires signed approvals")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try review.scratch.git("for-each-ref", "refs/heads/countersign*").isEmpty)
  }
}
