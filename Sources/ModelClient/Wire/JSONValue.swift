// JSON as it arrives from a server: a value tree whose strings are bytes, read with limits.
//
// Strings stay bytes because a model's text is content, and content is never a Swift String here.

/// A JSON value; object members keep their order, and of equal keys the last one counts.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string([UInt8])
  case array([JSONValue])
  case object([JSONMember])

  /// The member called `key`, or nil when this is no object or has no such member.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key.elementsEqual(key.utf8) }?.value
  }

  /// The element at `index`, or nil when this is no array or is shorter.
  package subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The elements of an array; none for every other value.
  package var elements: [JSONValue] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// The bytes of a string, or nil.
  package var bytes: [UInt8]? {
    guard case .string(let bytes) = self else { return nil }
    return bytes
  }

  /// A string for people to read; invalid UTF-8 becomes U+FFFD.
  package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  /// A whole number, or nil.
  package var int: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// A number, or nil.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// Whether this is `true`.
  package var isTrue: Bool { self == .bool(true) }
}

/// One `key: value` of an object.
package struct JSONMember: Equatable, Sendable {
  package let key: [UInt8]
  package let value: JSONValue

  package init(key: [UInt8], value: JSONValue) {
    self.key = key
    self.value = value
  }
}

/// Where a JSON text stopped making sense.
package struct JSONError: Error, Equatable, Sendable {
  /// Offset in bytes, 0-based.
  package let position: Int
  package let expected: String
}
