// Places that resemble quoted lines which are nowhere in the file: candidates for the human, never placed by themselves.

/// Lines of a file that a person may choose for an edit.
package struct PlacementCandidate: Sendable, Equatable {
  package let lineRange: Range<Int>
  /// 0…1; 1 for lines that do match, when several places do.
  package let similarity: Double

  package init(lineRange: Range<Int>, similarity: Double) {
    self.lineRange = lineRange
    self.similarity = similarity
  }
}

/// Search for near matches, within a bounded number of line comparisons.
struct NearMatchSearch {
  static let threshold = 0.6
  static let candidateLimit = 5
  /// Comparisons of two lines; beyond it the search ends with what it has.
  private var comparisonsLeft = 60_000

  private let quoted: [LineShape]
  private let file: [ArraySlice<UInt8>]
  private var shapes: [Int: LineShape] = [:]

  init(quoted: [[UInt8]], in file: [ArraySlice<UInt8>]) {
    self.quoted = quoted.prefix(200).map { LineShape($0[...]) }.filter { !$0.isBlank }
    self.file = file
  }

  /// Returns up to five places of at least 0.6 similarity, best first.
  mutating func candidates() -> [PlacementCandidate] {
    guard !quoted.isEmpty, !file.isEmpty else { return [] }
    var found: [PlacementCandidate] = []
    for start in likelyStarts() {
      guard comparisonsLeft > 0 else { break }
      if let candidate = align(from: start) { found.append(candidate) }
    }
    found.sort {
      ($1.similarity, $0.lineRange.lowerBound) < ($0.similarity, $1.lineRange.lowerBound)
    }
    var best: [PlacementCandidate] = []
    for candidate in found
    where !best.contains(where: { $0.lineRange.overlaps(candidate.lineRange) }) {
      best.append(candidate)
      if best.count == Self.candidateLimit { break }
    }
    return best
  }

  /// Starts voted for by equal lines, or else by similarity of the longest quoted lines.
  private mutating func likelyStarts() -> [Int] {
    var places: [[UInt8]: [Int]] = [:]
    for (index, line) in quoted.enumerated() { places[line.text, default: []].append(index) }
    var votes: [Int: Int] = [:]
    for (line, body) in file.enumerated() {
      let text = Array(body.trimmed)
      guard text.count > 2, let indexes = places[text] else { continue }
      for index in indexes.prefix(8) { votes[max(0, line - index), default: 0] += 1 }
    }
    var starts = votes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(24).map(\.key)
    let anchors = quoted.indices.sorted { quoted[$0].text.count > quoted[$1].text.count }.prefix(3)
    var similar: [(start: Int, similarity: Double)] = []
    for anchor in anchors {
      for line in file.indices {
        // Half of the budget stays for the alignments.
        guard comparisonsLeft > 30_000 else { break }
        let similarity = similarity(quoted[anchor], line)
        if similarity >= Self.threshold { similar.append((max(0, line - anchor), similarity)) }
      }
    }
    similar.sort { ($1.similarity, $0.start) < ($0.similarity, $1.start) }
    for place in similar.prefix(24) where !starts.contains(place.start) {
      starts.append(place.start)
    }
    return starts
  }

  /// Aligns the quoted lines with the file around a start, letting a few lines be missing or extra on either side.
  private mutating func align(from start: Int) -> PlacementCandidate? {
    let slack = 2 + quoted.count / 8
    let lines = (max(0, start - slack)..<min(file.count, start + quoted.count + 2 * slack))
      .filter { !file[$0].isBlankLine }
    guard !lines.isEmpty, quoted.count * lines.count <= comparisonsLeft else { return nil }
    let width = lines.count + 1
    var scores = [Double](repeating: 0, count: (quoted.count + 1) * width)
    var alike = [Double](repeating: 0, count: quoted.count * lines.count)
    for i in quoted.indices.reversed() {
      for (j, line) in lines.enumerated().reversed() {
        let similarity = similarity(quoted[i], line)
        alike[i * lines.count + j] = similarity
        let paired = similarity >= 0.4 ? similarity + scores[(i + 1) * width + j + 1] : 0
        scores[i * width + j] = max(
          paired, scores[(i + 1) * width + j], scores[i * width + j + 1])
      }
    }
    var paired: [Int] = []
    var (i, j) = (0, 0)
    while i < quoted.count, j < lines.count {
      let similarity = alike[i * lines.count + j]
      let here = scores[i * width + j]
      if similarity >= 0.4, here == similarity + scores[(i + 1) * width + j + 1] {
        paired.append(lines[j])
        (i, j) = (i + 1, j + 1)
      } else if here == scores[(i + 1) * width + j] {
        i += 1
      } else {
        j += 1
      }
    }
    guard let first = paired.first, let last = paired.last else { return nil }
    let spanned = lines.count { $0 >= first && $0 <= last }
    let similarity = 2 * scores[0] / Double(quoted.count + spanned)
    guard similarity >= Self.threshold else { return nil }
    return PlacementCandidate(lineRange: first..<last + 1, similarity: min(1, similarity))
  }

  private mutating func similarity(_ quoted: LineShape, _ line: Int) -> Double {
    comparisonsLeft -= 1
    let shape: LineShape
    if let known = shapes[line] {
      shape = known
    } else {
      shape = LineShape(file[line])
      shapes[line] = shape
    }
    return quoted.similarity(to: shape)
  }
}

/// The pairs of neighbouring bytes of a line, sorted, for the Dice coefficient.
struct LineShape {
  /// The line without blanks around it, at most 200 bytes of it.
  let text: [UInt8]
  private let pairs: [UInt16]

  init(_ line: ArraySlice<UInt8>) {
    text = Array(line.trimmed.prefix(200))
    pairs = zip(text, text.dropFirst()).map { UInt16($0) << 8 | UInt16($1) }.sorted()
  }

  var isBlank: Bool { text.isEmpty }

  func similarity(to other: LineShape) -> Double {
    if text == other.text { return 1 }
    let total = pairs.count + other.pairs.count
    guard total > 0, min(pairs.count, other.pairs.count) * 3 >= max(pairs.count, other.pairs.count)
    else { return 0 }
    var (i, j, common) = (0, 0, 0)
    while i < pairs.count, j < other.pairs.count {
      if pairs[i] == other.pairs[j] {
        (i, j, common) = (i + 1, j + 1, common + 1)
      } else if pairs[i] < other.pairs[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return Double(2 * common) / Double(total)
  }
}
