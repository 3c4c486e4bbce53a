// What a TOML file says, with the line of every key and value.

/// A TOML value. Numbers with a fraction and dates keep their spelling: no setting uses them.
indirect enum TOMLValue: Hashable, Sendable {
  case string(String)
  case integer(Int64)
  case boolean(Bool)
  case float(String)
  case date(String)
  case array([TOMLNode])
  case table(TOMLTable)

  var kindInWords: String {
    switch self {
    case .string: "a string"
    case .integer: "a whole number"
    case .boolean: "true or false"
    case .float: "a number with a fraction"
    case .date: "a date or time"
    case .array: "a list"
    case .table: "a table"
    }
  }
}

/// A value with its place.
struct TOMLNode: Hashable, Sendable {
  let value: TOMLValue
  /// The 1-based line on which it begins.
  let line: Int
}

/// A TOML table: entries in the order of the file, with distinct keys.
struct TOMLTable: Hashable, Sendable {
  struct Entry: Hashable, Sendable {
    let key: String
    /// The 1-based line of the key.
    let line: Int
    let node: TOMLNode
  }

  let entries: [Entry]

  /// The entry of `key`, compared byte for byte.
  func entry(_ key: String) -> Entry? {
    entries.first { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

/// The place and reason for which a text is not TOML.
struct TOMLError: Error, Hashable, Sendable {
  /// 1-based.
  let line: Int
  let expected: String
  let found: String
}
