// What was asked and answered in a session, as a text for a person.

import Approval
import AuditLog
import Diffing
import Review

/// The exchanges of one session with models, in order: what was kept of them beside the ledger.
///
/// Whatever somebody else wrote stands behind a bar, so that no line of it can pass for a heading of ours.
struct Conversation {
  /// With the reasoning left out, and with it; the same where there was none.
  let folded: [UInt8]
  let unfolded: [UInt8]
  let note: String

  init(_ store: SessionStore, _ id: SessionID) throws {
    let history = try store.history(of: id)
    let start = history.start
    var writer = Writer()
    if start.source == .model {
      writer.heading("you, to \(start.model)")
      writer.quote(Array(start.instruction.utf8))
      writer.line("files: " + (start.files.isEmpty ? "none" : Self.list(start.files)))
      if history.isRest {
        writer.line("(asked in the session that left this; its answer is there)")
      } else {
        try writer.answer(
          by: start.model, store.content(id, of: .reasoning(ask: nil)),
          store.content(id, of: .answer(ask: nil)))
      }
    }
    for asked in history.asked {
      let path = DisplayedBytes.text(of: asked.path.bytes)
      let who = asked.isByItself ? "by itself" : "you, to \(asked.use.model)"
      writer.heading("\(who), again about \(path)")
      if let question = try store.content(id, of: .question(ask: asked.number)) {
        writer.quote(question)
      } else {
        writer.line("(what was asked was not kept)")
      }
      try writer.answer(
        by: asked.use.model, store.content(id, of: .reasoning(ask: asked.number)),
        store.content(id, of: .answer(ask: asked.number)))
    }
    folded = writer.folded
    unfolded = writer.unfolded
    let count = history.asked.count + (start.source == .model && !history.isRest ? 1 : 0)
    note =
      count == 0
      ? "No model was asked in this session."
      : "\(count) question\(count == 1 ? "" : "s") · nothing here is part of what can be approved"
  }

  private static func list(_ paths: [RepositoryPath]) -> String {
    paths.map { DisplayedBytes.text(of: $0.bytes) }.joined(separator: ", ")
  }

  private struct Writer {
    var folded: [UInt8] = []
    var unfolded: [UInt8] = []

    mutating func line(_ text: String) {
      folded += "\(text)\n".utf8
      unfolded += "\(text)\n".utf8
    }

    mutating func heading(_ words: String) {
      if !folded.isEmpty { line("") }
      line("── \(DisplayedBytes.text(of: Array(words.utf8), limit: 200)) ──")
    }

    mutating func quote(_ text: [UInt8]) {
      folded += Self.quoted(text)
      unfolded += Self.quoted(text)
    }

    mutating func answer(by model: String, _ reasoning: [UInt8]?, _ answer: [UInt8]?) {
      heading("answer of \(model)")
      if let reasoning, !reasoning.isEmpty {
        let lines = TextFile(reasoning).lineCount
        let size = "\(lines) line\(lines == 1 ? "" : "s"), \(reasoning.count) bytes"
        folded += "▸ reasoning: \(size)\n".utf8
        unfolded += "▾ reasoning: \(size)\n".utf8 + Self.quoted(reasoning) + "▴\n".utf8
      }
      guard let answer else { return line("(no answer is kept)") }
      quote(answer)
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
      let file = TextFile(text)
      return (0..<file.lineCount).flatMap { index in
        let line = file.lineContent(index)
        return Array((line.isEmpty ? "│" : "│ ").utf8) + line + [0x0A]
      }
    }
  }
}
