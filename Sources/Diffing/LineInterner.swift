// Numbers lines so that equal lines, and only those, have the same number.

/// Gives equal lines the same small integer, so that the diff compares integers.
///
/// Open addressing with a full comparison on every hit: two different lines never share a number, whatever their hashes do.
struct LineInterner {
  /// The upper half of a line's hash and, in the lower half, its number plus one; 0 is empty.
  private var slots: [UInt64]
  /// Where the first line of each number stands.
  private var representatives: [(file: Int32, line: Int32, start: Int, end: Int)] = []
  private var files: [TextFile] = []
  /// The numbers of the lines of the first file.
  private var firstNumbers: [Int32] = []

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
  }

  var distinctCount: Int { representatives.count }

  /// Returns the number of each line of `file`. O(bytes).
  ///
  /// Of a second file most lines follow one another as in the first: a line is compared with the one after the last that was found there,
  /// and looked for only where it differs.
  mutating func numbers(of file: TextFile) -> [Int32] {
    let first = files.first ?? .empty
    let isFirst = files.isEmpty
    files.append(file)
    var numbers: [Int32] = []
    numbers.reserveCapacity(file.lineCount)
    let bytes = file.bytes.span
    let firstBytes = first.bytes.span
    var expected = 0
    var start = 0
    for line in 0..<file.lineCount {
      let end = file.byteOffset(ofLine: line + 1)
      if expected < firstNumbers.count,
        unsafe Self.areEqual(
          bytes.bytes, start, end, firstBytes.bytes, first.byteOffset(ofLine: expected),
          first.byteOffset(ofLine: expected + 1))
      {
        numbers.append(firstNumbers[expected])
        expected += 1
      } else {
        let number = unsafe number(ofLine: line, bytes.bytes, start, end)
        numbers.append(number)
        let known = representatives[Int(number)]
        // A line that the first file has not: what stood there was changed, and the next is compared with what came after it.
        expected = known.file == 0 ? Int(known.line) + 1 : expected + 1
      }
      start = end
    }
    if isFirst { firstNumbers = numbers }
    return numbers
  }

  /// The number of the line at `start..<end` of the file that was added last.
  private mutating func number(
    ofLine line: Int, _ bytes: RawSpan, _ start: Int, _ end: Int
  ) -> Int32 {
    let mask = slots.count - 1
    let hash = Self.hash(bytes, start, end)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let entry = slots[slot]
      if (entry ^ hash) >> 32 == 0 {
        let candidate = Int32(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
        let other = representatives[Int(candidate)]
        let content = files[Int(other.file)].bytes
        let span = content.span
        if unsafe Self.areEqual(bytes, start, end, span.bytes, other.start, other.end) {
          return candidate
        }
      }
      slot = (slot + 1) & mask
    }
    let number = Int32(representatives.count)
    slots[slot] = (hash & 0xFFFF_FFFF_0000_0000) | UInt64(number + 1)
    representatives.append((Int32(files.count - 1), Int32(line), start, end))
    return number
  }

  private static func areEqual(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ theirs: RawSpan, _ theirStart: Int,
    _ theirEnd: Int
  ) -> Bool {
    let count = end - start
    guard theirEnd - theirStart == count else { return false }
    var offset = 0
    while offset + 8 <= count {
      let mine = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
      let other = unsafe theirs.unsafeLoadUnaligned(
        fromByteOffset: theirStart + offset, as: UInt64.self)
      guard mine == other else { return false }
      offset += 8
    }
    guard offset < count else { return true }
    return lastWord(bytes, start, end) == lastWord(theirs, theirStart, theirEnd)
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
