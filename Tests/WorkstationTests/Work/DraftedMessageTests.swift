// What is made of a model's answer before it is shown as a commit message.

import Testing

@testable import Workstation

struct DraftedMessageTests {
  private func text(_ answer: String) -> String? {
    DraftedMessage.text(of: Array(answer.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    ("Fix it\n", "Fix it\n"),
    ("\n\nFix it\nbecause\n\n\n\nof that\n\n", "Fix it\n\nbecause\n\nof that\n"),
    ("```\nFix it\n```\nHope this helps!\n", "Fix it\n"),
    ("```text\nFix it\n", "Fix it\n"),
    ("Use ``` fences\n", "Use ``` fences\n"),
    ("Fix it\r\n\r\nMore\r\n", "Fix it\n\nMore\n"),
    ("Fix it\n\nSigned-off-by: A <a@b>\nCo-Authored-By: B\n", "Fix it\n"),
    ("Fix it\n\nCountersign-Record: x\nnote: y\n", "Fix it\n\nnote: y\n"),
    ("#12 is fixed\n\n# and so on\n", "#12 is fixed\n\n# and so on\n"),
    ("Fix \u{1B}[31mit\u{202E}\u{200B}\u{7}\tnow\n", "Fix [31mit now\n"),
    ("Änderung — 変更\n", "Änderung — 変更\n"),
    ("Fix it\n\nSigned-off-by : A <a@b>\n Signed-off-by: B\nSIGNED-OFF-BY: C\n", "Fix it\n"),
    ("A\u{3164}b\u{115F}c\u{2800}d\u{FE0F}\u{E0101}\n", "Abcd\n"),
  ])
  func `it is a message, and harmless`(_ answer: String, _ message: String) {
    #expect(text(answer) == message)
  }

  @Test(arguments: ["", "\n \n", "```\n```\n", "Signed-off-by: A\n", "\u{202E}\n"])
  func `nothing is no message`(_ answer: String) {
    #expect(text(answer) == nil)
  }

  @Test func `bytes that are no text do no harm`() {
    #expect(DraftedMessage.text(of: [0x46, 0xFF, 0x0A]) == Array("F\u{FFFD}\n".utf8))
  }

  @Test func `long lines are broken at words, items below their text, and none is lost`() throws {
    let words = (1...40).map { "word\($0)" }.joined(separator: " ")
    let long = String(repeating: "x", count: 100)
    let message = try #require(text("Fix it\n\n\(words)\n- \(words)\n\(long)\n"))
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 72 || $0 == long })
    #expect(
      lines.contains { $0.hasPrefix("- word1 ") } && lines.contains { $0.hasPrefix("  word") })
    let kept = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(kept == "Fix it \(words) - \(words) \(long)")
  }

  @Test func `no line speaks for people because a longer one was broken there`() throws {
    for count in 1...80 {
      let line = String(repeating: "x", count: count) + " Signed-off-by: Linus <l@x>"
      let message = try #require(text("Fix it\n\n\(line)\n"))
      #expect(!message.split(separator: "\n").contains { $0.hasPrefix("Signed-off-by") })
    }
  }

  @Test func `a paragraph that is a word too wide is filled, and leaves no word alone`() throws {
    let wide = "Orders above a hundred get a tenth off, once the cheapest item is taken off"
    #expect(wide.count == 75)
    let message = try #require(text("Fix it\n\n\(wide)\nthe total.\n\nShort\nlines\n"))
    #expect(
      message
        == "Fix it\n\nOrders above a hundred get a tenth off, once the cheapest item is taken\noff the total.\n\nShort\nlines\n"
    )
  }

  @Test func `a model that does not end is cut off`() {
    let endless = String(repeating: "line\n\n", count: 1_000)
    #expect(
      (text(endless)?.split(separator: "\n", omittingEmptySubsequences: false).count ?? 0) <= 61)
  }
}
