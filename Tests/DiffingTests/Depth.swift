// How far the property tests go, and the numbers they draw.

import Glibc

/// Whether the long property runs were asked for, and which seeds they start from.
enum Depth {
  static let isDeep = getenv("COUNTERSIGN_DEEP").map { String(cString: $0) } == "1"

  /// Seeds for a property test; the testing library prints each with the test's outcome. A deep run adds fresh ones.
  static func seeds(_ count: Int, deep: Int) -> [UInt64] {
    let fixed = (1...UInt64(count)).map { $0 }
    guard isDeep else { return fixed }
    return fixed + (0..<deep).map { _ in UInt64.random(in: 1_000...UInt64.max) }
  }
}

/// A small generator (SplitMix64) whose sequence is fixed by its seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
