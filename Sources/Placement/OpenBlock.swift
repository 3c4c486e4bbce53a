// A SEARCH/REPLACE block while its lines arrive.

/// What has been seen since a start marker; content stays in the answer and is cut out when the block ends.
struct OpenBlock {
  /// Why the block cannot be well formed whatever follows, for starts we do not know.
  let flaw: MalformedReason?
  let markerLength: Int
  let path: [UInt8]?
  /// Where the verbatim text begins: at the path line, if there is one.
  let start: Int
  let contentStart: Int
  /// Whether the start marker ended with CRLF, so that a CR before LF is transport, not content.
  let usesCRLF: Bool
  private var dividers: [(line: AnswerLine, length: Int)] = []
  private var foreignEnds: [AnswerLine] = []

  init(
    flaw: MalformedReason?, markerLength: Int, path: [UInt8]?, start: Int, startMarker: AnswerLine
  ) {
    self.flaw = flaw
    self.markerLength = markerLength
    self.path = path
    self.start = start
    contentStart = startMarker.end
    usesCRLF = startMarker.endsWithCarriageReturn
  }

  /// What a line means for the block.
  enum Step { case content, closes, nestedStart }

  mutating func take(_ line: AnswerLine, _ bytes: ArraySlice<UInt8>) -> Step {
    if flaw == nil, bytes.first.map({ !"<=>".utf8.contains($0) }) ?? true { return .content }
    let bytes = flaw == .indentedMarker ? MarkerLine.withoutSigns(bytes) : bytes
    switch MarkerLine.read(bytes) {
    case .search(let length) where length == markerLength || flaw != nil:
      return .nestedStart
    case .end(let length) where length == markerLength || flaw != nil:
      return .closes
    case .end:
      foreignEnds.append(line)
    case .divider(let length):
      dividers.append((line, length))
    case .search, .delete, .move, .unknownStart, nil:
      if flaw != nil, bytes.startsWith(">>>>>") { return .closes }
    }
    return .content
  }

  /// How the block reads once its end is known: byte ranges of the answer, or why not.
  enum Reading {
    case whole(search: Range<Int>, replacement: Range<Int>)
    case malformed(MalformedReason)
  }

  /// The only end marker of another length: where the block ends if no marker of its own length comes.
  var foreignEnd: AnswerLine? { flaw == nil && foreignEnds.count == 1 ? foreignEnds[0] : nil }

  /// Why a block is malformed that has no end of its own.
  func reasonWithoutEnd(_ ordinary: MalformedReason) -> MalformedReason {
    flaw ?? (foreignEnds.count > 1 ? .severalEnds(foreignEnds.count) : ordinary)
  }

  /// Reads the block up to `end`.
  ///
  /// A divider of the start marker's length wins over others; several of one kind are ambiguous.
  func reading(upTo end: AnswerLine) -> Reading {
    if let flaw { return .malformed(flaw) }
    let seen = dividers.filter { $0.line.start < end.start }
    let own = seen.filter { $0.length == markerLength }
    let candidates = own.isEmpty ? seen : own
    guard let divider = candidates.first?.line else { return .malformed(.missingDivider) }
    guard candidates.count == 1 else { return .malformed(.severalDividers(candidates.count)) }
    return .whole(
      search: contentStart..<divider.start, replacement: divider.end..<end.start)
  }
}
