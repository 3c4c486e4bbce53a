// What can be wrong with JSON text, and where.

/// Why a JSON text was refused, or a value could not be written.
package struct CanonicalJSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    /// `found` is nil at the end of the text.
    case unexpected(found: UInt8?, expected: String, within: String)
    case notUTF8
    case unpairedSurrogate
    case notWhole
    case numberOutOfRange(String)
    case duplicateKey(JSONText)
    case tooDeep(limit: Int)
  }

  /// The 0-based byte offset in the text, or in what was written so far.
  package let offset: Int
  package let problem: Problem

  package var description: String {
    "at byte \(offset + 1): \(problem.inWords)"
  }
}

extension CanonicalJSONError.Problem {
  fileprivate var inWords: String {
    switch self {
    case .unexpected(let found, let expected, let within):
      let found = found.map { "\"\(DisplayedBytes.text(of: [$0]))\"" } ?? "the end"
      return "expected \(expected) in \(within), found \(found)"
    case .notUTF8: return "the text is not well-formed UTF-8"
    case .unpairedSurrogate: return "a \\u escape is half of a surrogate pair"
    case .notWhole: return "only whole numbers are used here, without fraction, exponent or -0"
    case .numberOutOfRange(let digits): return "the number \(digits) is beyond 2^53 - 1"
    case .duplicateKey(let key):
      return "the key \"\(DisplayedBytes.text(of: key.utf8))\" comes twice in an object"
    case .tooDeep(let limit): return "nesting is deeper than \(limit) levels"
    }
  }
}
