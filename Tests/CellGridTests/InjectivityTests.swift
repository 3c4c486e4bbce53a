// Two different byte strings never give the same cells: cells can be read back.

import CellGrid
import Glibc
import Testing

/// Whether all of Unicode is gone through in every place (`COUNTERSIGN_DEEP=1`), or a sample.
private let isDeep = getenv("COUNTERSIGN_DEEP").map { String(cString: $0) } == "1"

@Suite struct InjectivityTests {
  /// What stands before and after a unit when it is tried alone and in company.
  private static let surroundings: [(before: [UInt8], after: [UInt8])] =
    [
      ("", ""), ("a", "b"), ("<", ">"), ("<U+", ">"), ("e", "\u{301}"), (" ", " "), ("\t", "\r"),
      ("→", "       "), ("漢", "·"), ("\u{1100}", "\u{1161}"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) } + [([0xE2, 0x82], [0x80]), ([0xFF], [0xBF])]

  /// Plane by plane, so that the planes share the cores.
  @Test(arguments: UInt32(0)...16)
  func `every scalar is drawn in cells that can be read back, in every surrounding`(
    _ plane: UInt32
  ) {
    // Beyond the third plane there are selectors, tags and what is all drawn alike.
    let stride: UInt32 = isDeep ? 1 : plane > 3 && plane != 14 ? 997 : plane == 0 ? 13 : 61
    var drawnCount = 0
    for value in Swift.stride(from: plane << 16, to: (plane + 1) << 16, by: Int(stride)) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      check(Array(String(scalar).utf8), in: Self.surroundings[...(isDeep ? 0 : 1)])
      drawnCount += 1
      // All surroundings for some: their rules do not ask for more than a few bytes.
      if isDeep ? value % 7 == 0 || value < 0x3100 : value % 5 == 0 {
        check(Array(String(scalar).utf8), in: Self.surroundings[...])
      }
    }
    #expect(drawnCount > 0)
    if isDeep { #expect(drawnCount == (plane == 0 ? 0x10000 - 0x800 : 0x10000)) }
  }

  @Test func `every byte that is no scalar is drawn in cells that can be read back`() {
    for byte in UInt8.min...UInt8.max { check([byte], in: Self.surroundings[...]) }
    // Every pair of bytes, valid or not.
    let stride = isDeep ? 1 : 7
    for pair in Swift.stride(from: 0, to: 0x10000, by: stride) {
      check([UInt8(pair >> 8), UInt8(pair & 0xFF)], in: Self.surroundings[...0])
    }
  }

  /// Parts that could be taken for something else, or that change their neighbours.
  private static let nasty: [[UInt8]] =
    [
      "a", "<", ">", "U", "+", "<U+", "<FF>", "<U+202E>", "<U+003C>", "<U+00", "0", "8", "F", " ",
      "  ", "       ", "\t", "\r", "\n", "\0", "\u{1B}", "·", "→", "␍", "\u{301}", "\u{302}", "é",
      "\u{202E}", "\u{200B}", "\u{FE0F}", "\u{E0041}", "\u{E0100}", "漢", "👍", "\u{1F3FB}",
      "\u{1100}", "\u{1161}", "\u{11A8}", "\u{1160}", "가", "\u{A0}", "\u{FFFD}", "\u{3164}",
      "\u{2800}", "\u{9B}", "\u{E000}", "\u{2028}",
    ].map { Array($0.utf8) }
    + [[0xFF], [0xE2], [0x82], [0xC2], [0xB7], [0xCC], [0x81], [0xF0], [0x9B], [0xED], [0xA0]]

  @Test(arguments: UInt64(0)..<(isDeep ? 64 : 8))
  func `random strings of nasty parts can be read back at every tab width`(_ seed: UInt64) {
    var random = Sequence(state: seed &* 0x9E37_79B9 &+ 1)
    for _ in 0..<(isDeep ? 8_000 : 400) {
      let length = Int(random.next() % 9)
      var bytes: [UInt8] = []
      for _ in 0..<length { bytes += Self.nasty[Int(random.next() % UInt64(Self.nasty.count))] }
      let marks: SafeText.BlankMarks = [.trailing, .all, .none][Int(random.next() % 3)]
      let options = SafeText.Options(
        tabWidth: [1, 2, 4, 8, 13][Int(random.next() % 5)], blankMarks: marks)
      let read = DrawnText(painting: bytes, options: options).bytes
      if read != bytes { Issue.record("seed \(seed): \(bytes) with \(options) reads as \(read)") }
    }
  }

  @Test func `blanks beyond the last ones that are marked can be read back`() {
    for count in [4_095, 4_096, 4_097, 4_100] {
      let blanks = [UInt8](repeating: 0x20, count: count)
      for before in ["", "a", "·", "··", " ·", "→", "\t"] {
        for after in ["", "\r", "·"] {
          let bytes = Array(before.utf8) + blanks + Array(after.utf8)
          #expect(DrawnText(painting: bytes).bytes == bytes, "\(before) \(count) \(after)")
        }
      }
    }
  }

  private func check(
    _ unit: [UInt8], in surroundings: ArraySlice<(before: [UInt8], after: [UInt8])>
  ) {
    for (before, after) in surroundings {
      let bytes = before + unit + after
      let read = DrawnText(painting: bytes).bytes
      if read != bytes { Issue.record("\(bytes) is drawn as \(read) would be") }
    }
  }

  /// A multiplicative generator: any numbers will do, but the same ones every time.
  private struct Sequence {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
