// A TOML table with its name and file, so that errors can say where.

import AuditLog

struct SettingsTable {
  let table: TOMLTable
  /// As written in the file, such as `[review]`; nil for the top.
  let name: String?
  /// The 1-based line on which it begins.
  let line: Int
  let path: [UInt8]

  /// Reads the top table of a file.
  init(file bytes: [UInt8], path: [UInt8]) throws(ConfigurationError) {
    do throws(TOMLError) {
      table = try TOMLParser.table(of: bytes)
    } catch {
      throw ConfigurationError(
        .syntax(expected: error.expected, found: error.found), path: path, line: error.line)
    }
    name = nil
    line = 1
    self.path = path
  }

  init(table: TOMLTable, name: String, line: Int, path: [UInt8]) {
    self.table = table
    self.name = name
    self.line = line
    self.path = path
  }

  /// A text of one line that is not empty; control characters have no place in a setting.
  func text(_ key: String) throws(ConfigurationError) -> String? {
    guard let entry = table.entry(key) else { return nil }
    return try text(entry.node, of: entry)
  }

  func text(_ node: TOMLNode, of entry: TOMLTable.Entry, allowsLines: Bool = false)
    throws(ConfigurationError) -> String
  {
    guard case .string(let text) = node.value else {
      throw error(
        .wrongType(key: entry.key, expected: "a string", found: node.value.kindInWords),
        line: node.line)
    }
    guard !text.isEmpty else {
      throw error(.refused(key: entry.key, reason: "the text is empty"), line: node.line)
    }
    let isClean = text.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control
        || allowsLines && (scalar == "\n" || scalar == "\t")
    }
    guard isClean else {
      throw error(
        .refused(key: entry.key, reason: "the text holds a control character"), line: node.line)
    }
    return text
  }

  func texts(_ entry: TOMLTable.Entry) throws(ConfigurationError) -> [String] {
    guard case .array(let elements) = entry.node.value else {
      throw wrongType(entry, expected: "a list of strings")
    }
    var texts: [String] = []
    for element in elements { texts.append(try text(element, of: entry)) }
    return texts
  }

  /// A line for the shell, or a list: the program and its arguments.
  func command(_ entry: TOMLTable.Entry) throws(ConfigurationError) -> ConfiguredCommand {
    switch entry.node.value {
    case .string:
      return .shell(try text(entry.node, of: entry, allowsLines: true))
    case .array(let elements) where !elements.isEmpty:
      var arguments: [String] = []
      for element in elements {
        if case .string("") = element.value, !arguments.isEmpty {
          arguments.append("")
        } else {
          arguments.append(try text(element, of: entry, allowsLines: true))
        }
      }
      return .program(arguments[0], arguments: Array(arguments.dropFirst()))
    default:
      throw wrongType(entry, expected: "a command as a string, or a list of program and arguments")
    }
  }

  func subtable(_ entry: TOMLTable.Entry) throws(ConfigurationError) -> SettingsTable {
    let prefix = name.map { $0.dropFirst().dropLast() + "." } ?? ""
    let name = "[\(prefix)\(DisplayedBytes.text(of: entry.key.utf8, limit: 80))]"
    guard case .table(let table) = entry.node.value else {
      throw wrongType(entry, expected: "a table that begins with \(name)")
    }
    return SettingsTable(table: table, name: name, line: entry.node.line, path: path)
  }

  func error(_ problem: ConfigurationError.Problem, line: Int) -> ConfigurationError {
    ConfigurationError(problem, path: path, line: line, table: name)
  }

  func wrongType(_ entry: TOMLTable.Entry, expected: String) -> ConfigurationError {
    error(
      .wrongType(key: entry.key, expected: expected, found: entry.node.value.kindInWords),
      line: entry.node.line)
  }
}
