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
    var places = [String(decoding: locations.themes, as: UTF8.self)]
    if let installed = InstalledFiles.directory("themes") { places.append(installed) }
    for place in places {
      let path = Array("\(place)/\(wanted).toml".utf8)
      let description = try ThemeDescription.load(
        path, inks: Ink.allCases.map { "\($0)" }, grounds: Ground.allCases.map { "\($0)" })
      if let description { return Theme(description) }
    }
    switch wanted {
    case "dark": return .dark
    case "light": return .light
    case "ansi": return .ansi
    default: throw UnknownTheme(name: wanted, places: places)
    }
  }
}

/// A theme that no file describes.
package struct UnknownTheme: Error, Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package let places: [String]

  package var description: String {
    "There is no theme \(name): no \(name).toml in \(places.joined(separator: " or "))."
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
