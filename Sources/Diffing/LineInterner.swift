// Numbers lines so that equal lines, and only those, have the same number.

/// Gives equal lines the same small integer, so that the diff compares integers.
///
/// Open addressing with a full comparison on every hit: two different lines never share a number, whatever their hashes do.
struct LineInterner {
  private var slots: [Int32]
  private var representatives: [(hash: UInt64, line: ArraySlice<UInt8>)] = []

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
  }

  var distinctCount: Int { representatives.count }

  /// Returns the number of each line of `file`. O(bytes).
  mutating func numbers(of file: TextFile) -> [Int32] {
    (0..<file.lineCount).map { number(of: file.line($0)) }
  }

  private mutating func number(of line: ArraySlice<UInt8>) -> Int32 {
    let hash = Self.hash(line)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let candidate = representatives[Int(slots[slot])]
      if candidate.hash == hash, candidate.line == line { return slots[slot] }
      slot = (slot + 1) & mask
    }
    let fresh = Int32(representatives.count)
    slots[slot] = fresh
    representatives.append((hash, line))
    return fresh
  }

  private static func hash(_ line: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    let span = line.span
    for index in span.indices {
      hash = (hash ^ UInt64(span[index])) &* 0x100_0000_01b3
    }
    return hash ^ (hash >> 29)
  }
}
