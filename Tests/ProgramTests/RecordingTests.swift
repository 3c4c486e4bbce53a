// Exchanges that are recorded and played again.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct RecordingTests {
  @Test
  func `an answer is recorded when that is asked for, for the user only, and can be played again`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let scratch = try Scratch(asking: server)
    let records = "\(scratch.path)/run/records"
    let result = try scratch.countersign([
      "ask", "Check the amount.", "src/a.txt", "--record", records,
    ])
    #expect(result.exit == .code(0), "\(result.problem)")
    let names = String(
      decoding: try run(["/bin/ls", records], environment: [:], directory: "/").output,
      as: UTF8.self
    ).split(separator: "\n")
    let name = try #require(names.first)
    #expect(names.count == 1 && name.hasSuffix(".transcript.jsonl"))
    var status = stat()
    #expect(stat("\(records)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(records, &status) == 0 && status.st_mode & 0o777 == 0o700)
    let transcript = String(decoding: try readFile("\(records)/\(name)"), as: UTF8.self)
    #expect(
      transcript.hasPrefix("{\"countersign_transcript\":1") && !transcript.contains("a line 20"))
    // Nobody is asked, and the same comes of it.
    try scratch.configure("")
    let played = try scratch.countersign([
      "ask", "Check the amount.", "src/a.txt", "--replay", "\(records)/\(name)",
    ])
    #expect(played.exit == .code(0), "\(played.problem)")
    #expect(played.problem.contains("REPLAY") && server.prompts.count == 1)
    let session = try #require(played.text.split(separator: ":").first)
    let patch = try scratch.countersign(["show", String(session), "--patch"])
    #expect(patch.text.contains("-a line 5\n+a line 5, checked\n"))
    // Off by default, and what cannot be kept is said before anything is asked.
    let refused = try scratch.countersign([
      "ask", "Check.", "src/a.txt", "--record", "\(scratch.path)/run/records/\(name)",
    ])
    #expect(refused.exit == .code(1) && refused.problem.contains("Not a directory"))
    let both = try scratch.countersign(["ask", "x", "src/a.txt", "--record", "a", "--replay", "b"])
    #expect(both.exit == .code(2))
  }
}
