// The theme in force: a built-in one, or a file of the user's or the installation's.

package import CellGrid

package enum ThemeChoice {
  /// Finds the theme called `name`; `default` is `dark`.
  ///
  /// - Throws: `ConfigurationError` when its file is wrong; a name without a file is an error of its own.
  package static func theme(
    named name: String, locations: StateLocations
  ) throws -> Theme {
    let wanted = name == "default" ? "dark" : name
    let places = places(locations)
    guard SettingName.isValid(wanted) else { throw UnknownTheme(name: wanted, places: places) }
    for place in places {
      let path = Array("\(place)/\(wanted).toml".utf8)
      let description = try ThemeDescription.load(
        path, inks: Ink.allCases.map { "\($0)" }, grounds: Ground.allCases.map { "\($0)" })
      if let description { return Theme(description) }
    }
    guard let builtIn = builtIn.first(where: { $0.name == wanted }) else {
      throw UnknownTheme(name: wanted, places: places)
    }
    return builtIn
  }

  private static let builtIn = [Theme.ansi, .dark, .light]

  /// The names of all themes there are, sorted, each with the directory it is found in; nil for
  /// one that is compiled in. Of two files with one name the first is found.
  package static func available(
    locations: StateLocations
  ) -> [(name: String, place: String?)] {
    var found: [String: String?] = [:]
    for place in places(locations) {
      for file in LocalFiles.names(in: place) ?? [] where file.hasSuffix(".toml") {
        let name = String(file.dropLast(5))
        if SettingName.isValid(name), found[name] == nil { found[name] = place }
      }
    }
    for theme in builtIn where found[theme.name] == nil {
      found[theme.name] = .some(nil)
    }
    return found.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  private static func places(_ locations: StateLocations) -> [String] {
    [String(decoding: locations.themes, as: UTF8.self)]
      + [InstalledFiles.directory("themes")].compactMap { $0 }
  }
}

/// A theme that no file describes.
package struct UnknownTheme: Error, Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package let places: [String]

  package var description: String {
    "There is no theme \(name): no \(name).toml in \(places.joined(separator: " or ")); "
      + "countersign doctor --theme lists those that there are."
  }
}

extension Theme {
  init(_ description: ThemeDescription) {
    var inks: [Ink: Paint] = [:]
    for ink in Ink.allCases {
      if let paint = description.inks["\(ink)"] { inks[ink] = Paint(paint) }
    }
    var grounds: [Ground: Paint] = [:]
    for ground in Ground.allCases {
      if let paint = description.grounds["\(ground)"] { grounds[ground] = Paint(paint) }
    }
    self.init(name: description.name, inks: inks, grounds: grounds)
  }
}

extension Paint {
  fileprivate init(_ description: PaintDescription) {
    var attributes: Emphasis = []
    if description.isBold { attributes.insert(.bold) }
    if description.isUnderlined { attributes.insert(.underline) }
    if description.isReversed { attributes.insert(.reverse) }
    if description.isFaint { attributes.insert(.faint) }
    self.init(
      foreground: description.foreground, background: description.background,
      attributes: attributes)
  }
}
