// The message between the commit sheet and the user's editor: with the change below it, where commit.verbose asks for that.

extension CommitState {
  private static let lineFeed = UInt8(ascii: "\n")
  private static let cut = " ------------------------ >8 ------------------------"

  private var scissors: [UInt8] {
    (plan?.commentMark ?? [UInt8(ascii: "#")]) + Array(Self.cut.utf8)
  }

  /// What the editor is given.
  var textForEditor: [UInt8] {
    guard let diff = plan?.editorDiff else { return message }
    let mark = plan?.commentMark ?? [UInt8(ascii: "#")]
    var text = message
    if text.last != Self.lineFeed { text.append(Self.lineFeed) }
    text += scissors + [Self.lineFeed]
    text += mark + Array(" Do not change the line above; all below it is left out.\n".utf8)
    return text + diff
  }

  /// The message in what the editor gave back.
  func message(from text: [UInt8]) -> [UInt8] {
    guard plan?.editorDiff != nil else { return text }
    var kept: [UInt8] = []
    for line in text.split(separator: Self.lineFeed, omittingEmptySubsequences: false) {
      if line.elementsEqual(scissors) { return kept }
      kept += line + [Self.lineFeed]
    }
    return text
  }

  /// Whether the message is the template and nothing else.
  var isTemplate: Bool {
    guard let template = plan?.template else { return false }
    return written(in: message) == written(in: template)
  }

  /// What is left of a message without comments and blanks at the ends of lines and of it all.
  private func written(in message: [UInt8]) -> [[UInt8]] {
    var lines = message.split(separator: Self.lineFeed, omittingEmptySubsequences: false)
      .filter { !isComment($0) }
      .map { line in
        Array(
          line.prefix((line.lastIndex { $0 > 0x20 } ?? line.startIndex - 1) - line.startIndex + 1))
      }
    while lines.last?.isEmpty == true { lines.removeLast() }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    return lines
  }
}
