// Builds the prompt for a request: the same files and instruction give the same bytes.

/// A file offered to the model.
package struct PromptFile: Equatable, Sendable {
  /// Path in the repository, as bytes.
  package let path: [UInt8]
  package let content: [UInt8]

  package init(path: [UInt8], content: [UInt8]) {
    self.path = path
    self.content = content
  }
}

/// Why a prompt cannot be built.
package enum PromptError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is no text: invalid UTF-8, or a NUL in it.
  case fileIsNotText(path: [UInt8])
  /// The path cannot stand on a line of text.
  case pathIsNotText(path: [UInt8])
  case offeredTwice(path: [UInt8])
  case instructionIsEmpty
  case instructionIsNotText
  case mapIsNotText
  /// A change that holds invalid UTF-8 or a NUL.
  case changeIsNotText

  package var description: String {
    switch self {
    case .fileIsNotText(let path):
      "\(readable(path)) is no UTF-8 text, so it cannot be given to the model. Leave it out."
    case .pathIsNotText(let path):
      "The path \(readable(path)) holds bytes that cannot stand in a prompt. Leave it out."
    case .offeredTwice(let path): "\(readable(path)) is given twice."
    case .instructionIsEmpty: "The instruction is empty. Say what is to be changed."
    case .instructionIsNotText: "The instruction is no UTF-8 text."
    case .mapIsNotText: "The map of the repository is no UTF-8 text. Leave it out."
    case .changeIsNotText: "The change is no UTF-8 text, so it cannot be given to the model."
    }
  }

  /// The path in ASCII, every other byte written as its number.
  private func readable(_ path: [UInt8]) -> String {
    path.map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(Unicode.Scalar(byte)) : "<\(byte < 16 ? "0" : "")\(String(byte, radix: 16))>"
    }.joined()
  }
}

/// Puts files and an instruction into messages.
///
/// Order: rules, the map of the repository, files sorted by path, a reminder of the format, the task last. What changes least
/// comes first, so that a server's prefix cache holds; there is no time and no identifier in it.
package struct PromptBuilder: Sendable {
  private let files: [PromptFile]
  private let instruction: [UInt8]
  private let map: [UInt8]
  private let markerLength: Int

  /// - Parameter instruction: what the user wants, as typed.
  /// - Parameter map: what other files define, to be read only; empty for none.
  package init(
    files: [PromptFile], instruction: [UInt8], map: [UInt8] = []
  ) throws(PromptError) {
    guard isSendableText(map) else { throw .mapIsNotText }
    guard isSendableText(instruction) else { throw .instructionIsNotText }
    guard instruction.contains(where: { $0 > 0x20 }) else { throw .instructionIsEmpty }
    let sorted = files.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    for (index, file) in sorted.enumerated() {
      let hasControl = file.path.contains { $0 < 0x20 || $0 == 0x7F }
      guard !file.path.isEmpty, !hasControl, isSendableText(file.path) else {
        throw .pathIsNotText(path: file.path)
      }
      guard isSendableText(file.content) else { throw .fileIsNotText(path: file.path) }
      if index > 0, sorted[index - 1].path == file.path { throw .offeredTwice(path: file.path) }
    }
    self.files = sorted
    self.instruction = instruction
    self.map = map
    markerLength = sorted.contains { EditMarkers(length: 7).occur(in: $0.content) } ? 9 : 7
  }

  /// The messages of the first round.
  package var messages: [ChatMessage] {
    let rules = EditRules(markers: EditMarkers(length: markerLength))
    var content: [UInt8] = []
    let fence = Fence(notIn: files.map(\.content) + [map])
    if !map.isEmpty {
      content +=
        "Lines of other files, which define what the given ones use. These files were not given, so no edit of them is possible:\n"
        .utf8
      content += fence.around(map)
      content.append(0x0A)
    }
    for file in files {
      content += file.path
      content.append(0x0A)
      content += fence.around(file.content)
      content.append(0x0A)
    }
    content += rules.reminder.utf8
    content += "\n\nThe task:\n".utf8
    content += instruction
    guard let question = ChatMessage(.user, bytes: content) else {
      preconditionFailure("its parts were checked")
    }
    return [ChatMessage(.system, rules.text), question]
  }
}

/// A fence of backticks that nothing in the files can close.
struct Fence {
  private let mark: [UInt8]

  init(notIn contents: [[UInt8]]) {
    var longest = 0
    for content in contents {
      var run = 0
      for byte in content {
        run = byte == UInt8(ascii: "`") ? run + 1 : 0
        longest = max(longest, run)
      }
    }
    mark = [UInt8](repeating: UInt8(ascii: "`"), count: max(3, longest + 1))
  }

  /// The content between fences; a missing final newline is added, so that the fence has its line.
  func around(_ content: [UInt8]) -> [UInt8] {
    let ending: [UInt8] = content.isEmpty || content.last == 0x0A ? [] : [0x0A]
    return mark + [0x0A] + content + ending + mark + [0x0A]
  }
}
