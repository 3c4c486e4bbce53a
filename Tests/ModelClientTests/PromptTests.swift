import Testing

@testable import ModelClient

private func prompt(
  _ files: [(String, String)], _ instruction: String = "Fix it."
) throws -> [ChatMessage] {
  try PromptBuilder(
    files: files.map { PromptFile(path: Array($0.0.utf8), content: Array($0.1.utf8)) },
    instruction: Array(instruction.utf8)
  ).messages
}

private func text(_ message: ChatMessage?) -> String {
  String(decoding: message?.content ?? [], as: UTF8.self)
}

struct PromptTests {
  @Test func `files are sorted and fenced, the reminder follows, and the task comes last`() throws {
    let messages = try prompt([("b.swift", "two\n"), ("a.swift", "one")])
    #expect(messages.map(\.role) == [.system, .user])
    #expect(text(messages.first).contains("<<<<<<< SEARCH"))
    let question = text(messages.last)
    #expect(question.hasPrefix("a.swift\n```\none\n```\n\nb.swift\n```\ntwo\n```\n\nRemember"))
    #expect(question.hasSuffix("\n\nThe task:\nFix it."))
    #expect(try prompt([("a.swift", "one"), ("b.swift", "two\n")]) == messages)
  }

  @Test func `no file can close its fence`() throws {
    let question = text(try prompt([("a.md", "```\ncode\n`````\n")]).last)
    #expect(question.hasPrefix("a.md\n``````\n```\ncode\n`````\n``````\n"))
  }

  @Test func `files that hold markers get longer markers`() throws {
    let messages = try prompt([("a.md", "x\n=======\ny\n")])
    #expect(text(messages.first).contains("\n<<<<<<<<< SEARCH\n"))
    #expect(text(messages.last).contains("\n=========\n"))
  }

  @Test func `what cannot be sent as text is refused by name`() {
    func error(_ path: [UInt8], _ content: [UInt8]) -> PromptError? {
      do throws(PromptError) {
        _ = try PromptBuilder(
          files: [PromptFile(path: path, content: content)], instruction: Array("x".utf8))
        return nil
      } catch {
        return error
      }
    }
    let path = Array("a.bin".utf8)
    #expect(error(path, [0xFF]) == .fileIsNotText(path: path))
    #expect(error(path, [0x61, 0]) == .fileIsNotText(path: path))
    #expect(error(path, [0xED, 0xA0, 0x80]) == .fileIsNotText(path: path))
    #expect(error(path, [0xC0, 0x80]) == .fileIsNotText(path: path))
    #expect(error([0xFF, 0x61], []) == .pathIsNotText(path: [0xFF, 0x61]))
    #expect(error(Array("a\nb".utf8), []) == .pathIsNotText(path: Array("a\nb".utf8)))
    #expect(error([0xFF, 0x61], [])?.description.contains("<ff>a") == true)
    #expect(error(path, Array("é\r\n".utf8)) == nil)
    #expect(throws: PromptError.instructionIsEmpty) { try prompt([], " \n") }
    #expect(throws: PromptError.offeredTwice(path: [0x61])) { try prompt([("a", ""), ("a", "")]) }
  }

  @Test func `the body holds the content unchanged`() throws {
    let content = "a\t\"\\\u{1B}\r\né\u{202E}"
    let request = ChatRequest(
      model: "m", messages: try prompt([("a", content)]), maxTokens: 7, seed: 3,
      grammar: Array("root ::= \"x\"".utf8))
    let body = try JSONValue.reading(request.body(for: .llamaServer))
    #expect(body["messages"]?[1]?["content"]?.bytes == request.messages[1].content)
    #expect(text(request.messages[1]).contains(content))
    #expect(body["stream"] == .bool(true))
    #expect(body["stream_options"]?["include_usage"] == .bool(true))
    #expect(body["return_progress"] == .bool(true))
    #expect(body["timings_per_token"] == .bool(true))
    #expect(body["grammar"]?.text == "root ::= \"x\"")
    let other = try JSONValue.reading(request.body(for: .vllm, omitting: [.seed]))
    #expect(other["seed"] == nil)
    #expect(other["return_progress"] == nil)
    #expect(other["structured_outputs"]?["grammar"] != nil)
  }

  @Test func `a message is asked for with the change as data that cannot end its fence`() throws {
    let change = "--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n-a\n+````\n"
    let messages = try MessagePrompt.messages(for: Array(change.utf8), instruction: "Do it.")
    #expect(messages.map(\.role) == [.system, .user])
    let question = text(messages.last)
    #expect(
      question.contains("`````\nDo it.\n`````\n") && question.contains("`````\n\(change)`````\n"))
    let alone = try MessagePrompt.messages(for: Array(change.utf8), instruction: "")
    #expect(!text(alone.last).contains("asked for"))
    #expect(throws: PromptError.changeIsNotText) {
      try MessagePrompt.messages(for: [0xFF], instruction: "")
    }
  }

  @Test func `the budget leaves room for the answer and stays where models obey`() {
    func budget(_ context: Int?, _ reserve: Int) -> Int {
      PromptBudget(contextTokens: context, answerReserve: reserve).promptTokens
    }
    #expect(budget(4096, 2048) == 1792)
    #expect(budget(8192, 1024) == 4915)
    #expect(budget(131_072, 4096) == 25_000)
    #expect(budget(2048, 4096) == 0)
    #expect(budget(nil, 4096) == 25_000)
  }

  @Test func `tokens are estimated from bytes and learned from usage`() {
    var estimator = TokenEstimator()
    #expect(estimator.tokens(inBytes: 3200) == 1150)
    estimator.calibrate(promptTokens: 10, byteCount: 20)
    #expect(estimator.tokens(inBytes: 3200) == 1150)
    estimator.calibrate(promptTokens: 1000, byteCount: 4000)
    #expect(estimator.tokens(inBytes: 4000) == 1050)
  }
}
