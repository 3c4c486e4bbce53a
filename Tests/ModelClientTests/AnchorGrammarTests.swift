// The grammar under which an edit block quotes only lines that are there, and the turn that asks for one.

import Testing

@testable import ModelClient

struct AnchorGrammarTests {
  private func text(_ lines: [String], _ path: String = "a.swift") -> String {
    String(
      decoding: AnchorGrammar(path: Array(path.utf8), lines: lines.map { Array($0.utf8) }).text,
      as: UTF8.self)
  }

  @Test func `what stands above the divider is a run of the lines`() {
    let grammar = text(["one", "\ttwo \"2\"", "three\\"])
    #expect(
      grammar.hasPrefix(
        "root ::= \"a.swift\\n<<<<<<< SEARCH\\n\" search \"=======\\n\" line* \">>>>>>> REPLACE\\n\"\n"
      ))
    #expect(
      grammar.hasSuffix(
        """
        search ::= s0 | s1 | s2
        s0 ::= "one\\n" s1?
        s1 ::= "\\ttwo \\"2\\"\\n" s2?
        s2 ::= "three\\\\\\n"

        """))
  }

  @Test func `control characters are spelled, everything else stands as it is`() {
    let line: [UInt8] = [0x1B, 0x01, 0x7F, 0x0D] + Array("ä€😀[0-9]*".utf8)
    let grammar = AnchorGrammar(path: Array("p".utf8), lines: [line]).text
    #expect(
      String(decoding: grammar, as: UTF8.self)
        .contains("s0 ::= \"\\x1B\\x01\\x7F\\rä€😀[0-9]*\\n\"\n"))
  }

  @Test
  func `a repair has the block, the reason and the lines, and longer markers where they have some`()
    throws
  {
    var prompt = RepairPrompt(
      path: Array("a.txt".utf8), block: Array("a.txt\n<<<<<<< SEARCH\nx\u{0}\n```\n".utf8),
      reason: "The lines are not in the file.", firstLine: 9, excerpt: Array("ten\neleven\n".utf8),
      instruction: Array("Do it.".utf8))
    let messages = try prompt.messages
    #expect(messages.map(\.role) == [.system, .user])
    let words = String(decoding: messages[1].content, as: UTF8.self)
    #expect(words.contains("Do it.") && words.contains("The lines are not in the file."))
    #expect(words.contains("from line 10 on:\n````\nten\neleven\n````\n"))
    #expect(!words.contains("\u{0}") && prompt.markerLength == 7)
    prompt.excerpt = Array("<<<<<<< SEARCH\n".utf8)
    #expect(prompt.markerLength == 9)
    prompt.excerpt = [0xFF]
    #expect(throws: PromptError.self) { try prompt.messages }
  }

  @Test func `a request under a grammar lets no model think first, where that can be said`() throws
  {
    var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "x")], maxTokens: 5)
    let free = String(decoding: request.body(for: .llamaServer), as: UTF8.self)
    #expect(!free.contains("chat_template_kwargs"))
    request.grammar = Array("root ::= \"a\"".utf8)
    let bound = String(decoding: request.body(for: .llamaServer), as: UTF8.self)
    #expect(bound.contains(#""chat_template_kwargs":{"enable_thinking":false}"#))
    let dropped = String(
      decoding: request.body(for: .vllm, omitting: [.templateSettings]), as: UTF8.self)
    #expect(!dropped.contains("chat_template_kwargs") && dropped.contains("structured_outputs"))
  }
}
