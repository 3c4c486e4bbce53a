// How far the property tests go.

import Glibc

/// The value of an environment variable, nil where there is none.
package func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Whether the long property runs were asked for, and which seeds they start from.
package enum Depth {
  package static let isDeep = environment("COUNTERSIGN_DEEP") == "1"

  /// Seeds for a property test; the testing library prints each with the test's outcome. A deep run adds fresh ones.
  package static func seeds(_ count: Int, deep: Int) -> [UInt64] {
    let fixed = (1...UInt64(count)).map { $0 }
    guard isDeep else { return fixed }
    return fixed + (0..<deep).map { _ in UInt64.random(in: 1_000...UInt64.max) }
  }
}
