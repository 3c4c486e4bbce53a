// The message that asks a model to propose one place again.

/// Lines of a file that were decided on, with what was said of them.
package struct DecidedLines: Equatable, Sendable {
  package let path: [UInt8]
  /// 0-based, in the file as it is now.
  package let lines: Range<Int>
  /// Why they were rejected; empty when not said.
  package let reason: String

  package init(path: [UInt8], lines: Range<Int>, reason: String = "") {
    self.path = path
    self.lines = lines
    self.reason = reason
  }
}

/// What the human said of the place.
package struct SpokenComment: Equatable, Sendable {
  /// The lines it is about, as bytes; empty when it is about the file.
  package let lines: [UInt8]
  package let text: String

  package init(lines: [UInt8], text: String) {
    self.lines = lines
    self.text = text
  }
}

/// Asks for one place again: what was accepted, what was not and why, and how the lines are now.
///
/// It stands after the earlier messages, which stay as they were, so that a server's prefix cache holds.
package struct AgainPrompt: Sendable {
  package var path: [UInt8]
  package var accepted: [DecidedLines] = []
  package var rejected: [DecidedLines] = []
  package var comments: [SpokenComment] = []
  /// The number of the first line of `excerpt`, 0-based.
  package var firstLine = 0
  /// The lines around the place as they are now, without the version that was not accepted.
  package var excerpt: [UInt8] = []
  /// The version that was not accepted.
  package var earlier: [UInt8] = []
  /// Whether the file does not exist without that version.
  package var isNewFile = false
  /// Whether the model is to say what it will do before it writes the block.
  package var explainsFirst = false

  package init(path: [UInt8]) { self.path = path }

  /// The message.
  ///
  /// - Throws: `.fileIsNotText` or `.pathIsNotText` when something in it cannot be sent.
  package var message: ChatMessage {
    get throws(PromptError) {
      guard isSendableText(excerpt), isSendableText(earlier) else {
        throw .fileIsNotText(path: path)
      }
      let paths = [path] + (accepted + rejected).map(\.path)
      for path in paths where !isSendableText(path) || path.contains(where: { $0 < 0x20 }) {
        throw .pathIsNotText(path: path)
      }
      let length = [excerpt, earlier].contains { EditMarkers(length: 7).occur(in: $0) } ? 9 : 7
      let rules = EditRules(markers: EditMarkers(length: length))
      let fence = Fence(notIn: [excerpt, earlier] + comments.map(\.lines))
      var text: [UInt8] = Array("Your change was reviewed.\n".utf8)
      list("Accepted, in the files now, and not to be touched:", accepted, &text)
      list("Not accepted:", rejected, &text)
      text += "\nPropose this one place again, in ".utf8 + path + ".\n".utf8
      if !comments.isEmpty {
        text += "\nThe reviewer says:\n".utf8
        for comment in comments {
          if !comment.lines.isEmpty { text += "about\n".utf8 + fence.around(comment.lines) }
          text += "«\(comment.text)»\n".utf8.filter { $0 != 0 }
        }
      }
      if !earlier.isEmpty {
        text += "\nYour version that was not accepted:\n".utf8 + fence.around(earlier)
      }
      if isNewFile {
        text += "\nThe file does not exist now: leave the part above the divider empty.\n".utf8
      } else {
        text += "\nThe lines as they are now, from line \(firstLine + 1) on:\n".utf8
        text += fence.around(excerpt)
        text += "Copy the part above the divider from these lines.\n".utf8
      }
      text +=
        (explainsFirst
        ? "\nExplain before you edit. In at most six lines say what the reviewer wants, why the earlier\nversions were not that, and what you will change. Then write one new edit block for this "
        : "\nAnswer with one line that says what you will do, and one new edit block for this ")
        .utf8
      text += "place only.\n\n".utf8 + Array(rules.reminder.utf8) + "\n".utf8
      guard let message = ChatMessage(.user, bytes: text) else { throw .fileIsNotText(path: path) }
      return message
    }
  }

  private func list(_ title: String, _ items: [DecidedLines], _ text: inout [UInt8]) {
    guard !items.isEmpty else { return }
    text += "\n\(title)\n".utf8
    for item in items {
      text += "- ".utf8 + item.path
      text +=
        item.lines.count == 1
        ? " line \(item.lines.lowerBound + 1)".utf8
        : " lines \(item.lines.lowerBound + 1)-\(item.lines.upperBound)".utf8
      if !item.reason.isEmpty { text += ": «\(item.reason)»".utf8.filter { $0 != 0 } }
      text += "\n".utf8
    }
  }
}
