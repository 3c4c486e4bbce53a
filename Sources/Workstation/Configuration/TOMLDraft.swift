// A TOML table while it is being read: knows how it came to be, which decides what may be added.

import AuditLog

/// A table under construction, shared by the headers that lead to it.
final class TOMLDraft {
  enum Origin {
    /// Named by a header of its own, or the top of the file.
    case header
    /// Only mentioned on the way to another header; may still get its own.
    case passage
    /// Made by a dotted key; complete at the end of its section.
    case dottedKey
  }

  private enum Content {
    case value(TOMLNode)
    case table(TOMLDraft)
    case elements([TOMLDraft])
  }

  private let line: Int
  private var origin: Origin
  private var entries: [(key: String, line: Int, content: Content)] = []

  /// - Parameter line: where it begins, 1-based.
  init(_ origin: Origin, line: Int) {
    self.origin = origin
    self.line = line
  }

  /// The finished table.
  var table: TOMLTable {
    TOMLTable(
      entries: entries.map { key, line, content in
        let value: TOMLValue
        switch content {
        case .value(let node): return TOMLTable.Entry(key: key, line: line, node: node)
        case .table(let draft): value = .table(draft.table)
        case .elements(let drafts):
          value = .array(drafts.map { TOMLNode(value: .table($0.table), line: $0.line) })
        }
        return TOMLTable.Entry(key: key, line: line, node: TOMLNode(value: value, line: line))
      })
  }

  /// The table `key` on the way to what a header names.
  func tableAbove(_ key: String, line: Int) throws(TOMLError) -> TOMLDraft {
    switch content(key) {
    case nil: return add(key, line: line, origin: .passage)
    case .table(let table)?: return table
    case .elements(let elements)?: return elements[elements.count - 1]
    case .value?: throw taken(key, line: line)
    }
  }

  /// The table that the header `[… key]` opens.
  func openTable(_ key: String, line: Int) throws(TOMLError) -> TOMLDraft {
    switch content(key) {
    case nil: return add(key, line: line, origin: .header)
    case .table(let table)? where table.origin == .passage:
      table.origin = .header
      return table
    case .table?, .elements?, .value?: throw taken(key, line: line)
    }
  }

  /// The table that the header `[[… key]]` opens.
  func appendElement(_ key: String, line: Int) throws(TOMLError) -> TOMLDraft {
    let element = TOMLDraft(.header, line: line)
    guard let place = place(of: key) else {
      entries.append((key, line, .elements([element])))
      return element
    }
    guard case .elements(let elements) = entries[place].content else {
      throw taken(key, line: line)
    }
    entries[place].content = .elements(elements + [element])
    return element
  }

  /// The table `key` in a dotted key such as `key.other = 1`.
  func tableOfDottedKey(_ key: String, line: Int) throws(TOMLError) -> TOMLDraft {
    switch content(key) {
    case nil: return add(key, line: line, origin: .dottedKey)
    case .table(let table)? where table.origin == .dottedKey: return table
    case .table?, .elements?, .value?: throw taken(key, line: line)
    }
  }

  func insert(_ key: String, line: Int, _ node: TOMLNode) throws(TOMLError) {
    guard place(of: key) == nil else { throw taken(key, line: line) }
    entries.append((key, line, .value(node)))
  }

  private func place(of key: String) -> Int? {
    entries.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }

  private func content(_ key: String) -> Content? {
    place(of: key).map { entries[$0].content }
  }

  private func add(_ key: String, line: Int, origin: Origin) -> TOMLDraft {
    let table = TOMLDraft(origin, line: line)
    entries.append((key, line, .table(table)))
    return table
  }

  private func taken(_ key: String, line: Int) -> TOMLError {
    let first = place(of: key).map { " (first on line \(entries[$0].line))" } ?? ""
    return TOMLError(
      line: line, expected: "each name once",
      found: "\"\(DisplayedBytes.text(of: key.utf8, limit: 80))\" again\(first)")
  }
}
