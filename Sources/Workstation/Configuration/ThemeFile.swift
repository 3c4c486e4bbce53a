// Reads Themes/*.toml.

package import AuditLog
import CellGrid

extension ThemeDescription {
  private enum TopKey: String, CaseIterable { case name, inks, grounds }

  private enum PaintKey: String, CaseIterable {
    case foreground, background, bold, underline, reverse, faint
  }

  /// Which part of a paint a colour given alone stands for.
  private enum Part { case foreground, background }

  /// Reads a theme from the bytes of a file.
  ///
  /// The tables `[inks]` and `[grounds]` map names to a colour (the foreground of an ink, the
  /// background of a ground) or to `{ foreground, background, bold, underline, reverse, faint }`.
  ///
  /// - Parameters:
  ///   - inks: the names that the table `[inks]` may hold; likewise `grounds`.
  package static func parse(
    _ bytes: [UInt8], path: [UInt8], inks: [String], grounds: [String]
  ) throws(ConfigurationError) -> ThemeDescription {
    let top = try Section<TopKey>(SettingsTable(file: bytes, path: path))
    return ThemeDescription(
      name: try top.requiredText(.name),
      inks: try paints(top.table(.inks), known: inks, part: .foreground),
      grounds: try paints(top.table(.grounds), known: grounds, part: .background))
  }

  /// Reads the theme file at `path`, under the conditions of `TrustedFile`; nil when there is none.
  package static func load(
    _ path: [UInt8], inks: [String], grounds: [String], calls: FileSystemCalls = .system
  ) throws(ConfigurationError) -> ThemeDescription? {
    let content: [UInt8]?
    do throws(FileError) {
      content = try TrustedFile.content(of: path, calls: calls)
    } catch {
      throw ConfigurationError(.file(error))
    }
    guard let content else { return nil }
    return try parse(content, path: path, inks: inks, grounds: grounds)
  }

  private static func paints(_ table: SettingsTable?, known: [String], part: Part)
    throws(ConfigurationError) -> [String: PaintDescription]
  {
    guard let table else { return [:] }
    var paints: [String: PaintDescription] = [:]
    for entry in table.table.entries {
      guard known.contains(entry.key) else {
        let nearest = NearestName.of(entry.key, among: known)
        throw table.error(.unknownKey(entry.key, nearest: nearest), line: entry.line)
      }
      paints[entry.key] = try paint(entry, in: table, part: part)
    }
    return paints
  }

  private static func paint(_ entry: TOMLTable.Entry, in table: SettingsTable, part: Part)
    throws(ConfigurationError) -> PaintDescription
  {
    if case .string(let text) = entry.node.value {
      let colour = try colour(text, key: entry.key, in: table, line: entry.node.line)
      return part == .foreground
        ? PaintDescription(foreground: colour) : PaintDescription(background: colour)
    }
    guard case .table = entry.node.value else {
      throw table.wrongType(entry, expected: "a colour as a string, or a table")
    }
    let section = try Section<PaintKey>(table.subtable(entry))
    var paint = PaintDescription(
      foreground: try colour(.foreground, of: section),
      background: try colour(.background, of: section))
    paint.isBold = try section.boolean(.bold) ?? false
    paint.isUnderlined = try section.boolean(.underline) ?? false
    paint.isReversed = try section.boolean(.reverse) ?? false
    paint.isFaint = try section.boolean(.faint) ?? false
    return paint
  }

  private static func colour(_ key: PaintKey, of section: Section<PaintKey>)
    throws(ConfigurationError) -> Colour?
  {
    guard let text = try section.text(key) else { return nil }
    let line = section.entries.table.entry(key.rawValue)?.node.line ?? section.entries.line
    return try colour(text, key: key.rawValue, in: section.entries, line: line)
  }

  private static func colour(_ text: String, key: String, in table: SettingsTable, line: Int)
    throws(ConfigurationError) -> Colour
  {
    if let colour = Colour(parsing: text) { return colour }
    let names = Colour.spelledNames
    throw table.error(
      .unknownName(
        key: key, name: text, what: "a colour (#rrggbb, 0 to 255, or a name)",
        nearest: NearestName.of(text, among: names)),
      line: line)
  }
}
