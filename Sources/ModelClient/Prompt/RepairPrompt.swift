// The short conversation that asks for an edit again that could not be placed.

/// Asks for one block again, with the file's own lines: a turn of its own, without what was said before.
package struct RepairPrompt: Sendable {
  package var path: [UInt8]
  /// The block as it was written.
  package var block: [UInt8]
  /// Why it was not placed, as a sentence.
  package var reason: String
  /// The number of the first line of `excerpt`, 0-based.
  package var firstLine: Int
  /// The lines that the block may be about, as they are now.
  package var excerpt: [UInt8]
  /// What was asked for at first.
  package var instruction: [UInt8]

  package init(
    path: [UInt8], block: [UInt8], reason: String, firstLine: Int, excerpt: [UInt8],
    instruction: [UInt8]
  ) {
    self.path = path
    self.block = block
    self.reason = reason
    self.firstLine = firstLine
    self.excerpt = excerpt
    self.instruction = instruction
  }

  /// How long the marker lines are: longer than any that the lines have.
  package var markerLength: Int {
    EditMarkers(length: 7).occur(in: excerpt) ? 9 : 7
  }

  /// - Throws: `.fileIsNotText` or `.pathIsNotText` when something in it cannot be sent.
  package var messages: [ChatMessage] {
    get throws(PromptError) {
      guard isSendableText(excerpt) else { throw .fileIsNotText(path: path) }
      guard isSendableText(path), !path.contains(where: { $0 < 0x20 }) else {
        throw .pathIsNotText(path: path)
      }
      let rules = EditRules(markers: EditMarkers(length: markerLength))
      // The model's own words may be anything.
      let written = Array(String(decoding: block.filter { $0 != 0 }, as: UTF8.self).utf8)
      let asked = Array(String(decoding: instruction.filter { $0 != 0 }, as: UTF8.self).utf8)
      let fence = Fence(notIn: [excerpt, written, asked])
      var text = Array("The task was:\n".utf8) + fence.around(asked)
      text += "\nFor it you wrote this edit of ".utf8 + path + ":\n".utf8 + fence.around(written)
      text += "\nIt could not be placed: \(reason)\n".utf8
      text += "\nThese are the lines of the file as they are, from line \(firstLine + 1) on:\n".utf8
      text += fence.around(excerpt)
      text +=
        "\nSend this one block again, and nothing else. Copy the part above the divider exactly from these lines.\n\n"
        .utf8
      text += Array(rules.reminder.utf8) + "\n".utf8
      guard let message = ChatMessage(.user, bytes: text) else { throw .fileIsNotText(path: path) }
      return [ChatMessage(.system, rules.text), message]
    }
  }
}
