// Numbers lines so that equal lines, and only those, have the same number.

/// Gives equal lines the same small integer, so that the diff compares integers.
///
/// Open addressing with a full comparison on every hit: two different lines never share a number, whatever their hashes do.
struct LineInterner {
  /// The upper half of a line's hash and, in the lower half, its number plus one; 0 is empty.
  private var slots: [UInt64]
  /// Where the first line of each number stands: its file and its bytes.
  private var representatives: [(file: Int32, start: Int, end: Int)] = []
  private var files: [TextFile] = []

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  var distinctCount: Int { representatives.count }

  /// Returns the number of each line of `file`. O(bytes).
  mutating func numbers(of file: TextFile) -> [Int32] {
    files.append(file)
    let mask = slots.count - 1
    let bytes = file.bytes.span
    var numbers: [Int32] = []
    numbers.reserveCapacity(file.lineCount)
    var start = 0
    for line in 0..<file.lineCount {
      let end = file.byteOffset(ofLine: line + 1)
      let hash = unsafe Self.hash(bytes.bytes, start, end)
      var slot = Int(truncatingIfNeeded: hash) & mask
      var number: Int32 = -1
      while slots[slot] != 0 {
        let entry = slots[slot]
        if (entry ^ hash) >> 32 == 0 {
          let candidate = Int32(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
          if unsafe isEqual(representatives[Int(candidate)], bytes.bytes, start, end) {
            number = candidate
            break
          }
        }
        slot = (slot + 1) & mask
      }
      if number < 0 {
        number = Int32(representatives.count)
        slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(number + 1)
        representatives.append((Int32(files.count - 1), start, end))
      }
      numbers.append(number)
      start = end
    }
    return numbers
  }

  private func isEqual(
    _ other: (file: Int32, start: Int, end: Int), _ bytes: RawSpan, _ start: Int, _ end: Int
  ) -> Bool {
    let count = end - start
    guard other.end - other.start == count else { return false }
    let content = files[Int(other.file)].bytes
    let span = content.span
    let theirs = unsafe span.bytes
    var offset = 0
    while offset + 8 <= count {
      let mine = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
      let other = unsafe theirs.unsafeLoadUnaligned(
        fromByteOffset: other.start + offset, as: UInt64.self)
      guard mine == other else { return false }
      offset += 8
    }
    guard offset < count else { return true }
    return Self.lastWord(bytes, start, end) == Self.lastWord(theirs, other.start, other.end)
  }

  private static func hash(_ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: end - start) &* 0x9E37_79B9_7F4A_7C15
    var offset = start
    while offset + 8 <= end {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
      offset += 8
    }
    if offset < end {
      hash = (hash ^ lastWord(bytes, start, end)) &* 0xFF51_AFD7_ED55_8CCD
    }
    return hash ^ (hash >> 29)
  }

  /// The last eight bytes of a line, or all of it where it is shorter: bytes that were looked at already may be among them.
  private static func lastWord(_ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
    guard end - start < 8 else {
      return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: end - 8, as: UInt64.self)
    }
    var word: UInt64 = 0
    for offset in start..<end {
      word = word << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
    }
    return word
  }
}
