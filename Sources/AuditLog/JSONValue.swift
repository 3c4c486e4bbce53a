// The JSON values that records are made of.

/// A JSON value without floating-point numbers, which no record needs and no two writers agree on.
///
/// Equality is that of the bytes: two strings that only look alike are different values.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A whole number. Outside ±(2^53 − 1) it cannot be written; see `exact(_:)`.
  case integer(Int64)
  case string(JSONText)
  case array([JSONValue])
  case object(JSONObject)

  /// The whole numbers that every JSON reader keeps exactly (RFC 7493, section 2.2).
  package static let integerRange: ClosedRange<Int64> =
    -9_007_199_254_740_991...9_007_199_254_740_991

  /// Returns `number` as an integer where every reader keeps it exactly, else as a decimal string.
  ///
  /// For numbers that others choose, such as the seed of a model.
  package static func exact(_ number: some BinaryInteger) -> JSONValue {
    if let small = Int64(exactly: number), integerRange.contains(small) { return .integer(small) }
    return .string(JSONText(String(number)))
  }

  package static func text(_ text: String) -> JSONValue {
    .string(JSONText(text))
  }
}

// MARK: Reading

extension JSONValue {
  package subscript(key: JSONText) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  package var isNull: Bool { self == .null }

  package var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var intValue: Int? {
    if case .integer(let value) = self { Int(exactly: value) } else { nil }
  }

  package var textValue: JSONText? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The text as a `String`: for showing and for words of our own, not for comparing content.
  package var stringValue: String? { textValue?.string }

  package var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  package var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// What kind of value this is, in words for an error.
  package var kindInWords: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

// MARK: Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(stringLiteral value: String) { self = .text(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// - Precondition: no key comes twice.
  package init(dictionaryLiteral elements: (JSONText, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
}
