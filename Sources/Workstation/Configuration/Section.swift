// Typed access to one table of a settings file: every wrong key or value is an error with its
// place.

import AuditLog

/// A table whose keys are the cases of `Key`. Making one refuses all other keys.
struct Section<Key: CaseIterable & RawRepresentable<String>> {
  let entries: SettingsTable

  init(_ table: SettingsTable) throws(ConfigurationError) {
    entries = table
    let known = Key.allCases.map(\.rawValue)
    for entry in table.table.entries where Key(rawValue: entry.key) == nil {
      let nearest = NearestName.of(entry.key, among: known)
      throw table.error(.unknownKey(entry.key, nearest: nearest), line: entry.line)
    }
  }

  func text(_ key: Key) throws(ConfigurationError) -> String? {
    try entries.text(key.rawValue)
  }

  func requiredText(_ key: Key) throws(ConfigurationError) -> String {
    guard let text = try text(key) else {
      throw entries.error(.missing(key: key.rawValue), line: entries.line)
    }
    return text
  }

  func boolean(_ key: Key) throws(ConfigurationError) -> Bool? {
    guard let entry = entries.table.entry(key.rawValue) else { return nil }
    guard case .boolean(let value) = entry.node.value else {
      throw entries.wrongType(entry, expected: "true or false")
    }
    return value
  }

  func integer(_ key: Key, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
    guard let entry = entries.table.entry(key.rawValue) else { return nil }
    guard case .integer(let value) = entry.node.value else {
      throw entries.wrongType(entry, expected: "a whole number")
    }
    guard let number = Int(exactly: value), range.contains(number) else {
      throw entries.error(
        .outOfRange(key: entry.key, range: range, found: value), line: entry.node.line)
    }
    return number
  }

  func texts(_ key: Key) throws(ConfigurationError) -> [String]? {
    guard let entry = entries.table.entry(key.rawValue) else { return nil }
    return try entries.texts(entry)
  }

  /// One of the cases of an enumeration of names.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(_ key: Key, what: String)
    throws(ConfigurationError) -> Choice?
  {
    guard let name = try text(key) else { return nil }
    if let choice = Choice(rawValue: name) { return choice }
    let nearest = NearestName.of(name, among: Choice.allCases.map(\.rawValue))
    throw error(
      key, .unknownName(key: key.rawValue, name: name, what: what, nearest: nearest))
  }

  func command(_ key: Key) throws(ConfigurationError) -> ConfiguredCommand? {
    guard let entry = entries.table.entry(key.rawValue) else { return nil }
    return try entries.command(entry)
  }

  /// A path that is absolute or starts with `~/`.
  func path(_ key: Key, home: [UInt8]?) throws(ConfigurationError) -> [UInt8]? {
    guard let text = try text(key) else { return nil }
    if text.hasPrefix("/") { return Array(text.utf8) }
    guard text.hasPrefix("~/") else {
      throw refusal(key, "a path must start with / or ~/")
    }
    guard let home else { throw refusal(key, "HOME is not set, so ~ leads nowhere") }
    return home + Array(text.utf8.dropFirst())
  }

  func table(_ key: Key) throws(ConfigurationError) -> SettingsTable? {
    guard let entry = entries.table.entry(key.rawValue) else { return nil }
    return try entries.subtable(entry)
  }

  /// The tables of `[[key]]`.
  func tables(_ key: Key) throws(ConfigurationError) -> [SettingsTable] {
    guard let entry = entries.table.entry(key.rawValue) else { return [] }
    guard case .array(let elements) = entry.node.value else {
      throw entries.wrongType(entry, expected: "tables that begin with [[\(entry.key)]]")
    }
    var tables: [SettingsTable] = []
    for (index, element) in elements.enumerated() {
      guard case .table(let table) = element.value else {
        throw entries.wrongType(entry, expected: "tables that begin with [[\(entry.key)]]")
      }
      tables.append(
        SettingsTable(
          table: table, name: "[[\(entry.key)]] number \(index + 1)", line: element.line,
          path: entries.path))
    }
    return tables
  }

  /// An error about the value of `key`, with the line of that value.
  func error(_ key: Key, _ problem: ConfigurationError.Problem) -> ConfigurationError {
    let entry = entries.table.entry(key.rawValue)
    return entries.error(problem, line: entry?.node.line ?? entries.line)
  }

  func refusal(_ key: Key, _ reason: String) -> ConfigurationError {
    error(key, .refused(key: key.rawValue, reason: reason))
  }
}
