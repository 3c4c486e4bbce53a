// Every theme that comes with the program can be read, and told apart by who sees fewer colours.

import CellGrid
import Testing

@testable import Workstation

@Suite struct ThemeLegibilityTests {
  private static let repository = String(
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(
      separator: "/"))

  /// The themes in Themes, each with what it promises. The colours of `ansi` are the terminal's.
  static let promises: [Promise] = [
    Promise("dark"), Promise("light"), Promise("ansi", hasColours: false),
    Promise("high-contrast", least: 7),
    Promise("colour-blind-dark", isForAllEyes: true),
    Promise("colour-blind-light", isForAllEyes: true),
  ]

  /// What a theme promises in 24 bits; with 256 colours contrasts are as near as the palette has.
  struct Promise: Sendable, CustomTestStringConvertible {
    let name: String
    let hasColours: Bool
    /// Whether added and removed stay apart without red or green cones.
    let isForAllEyes: Bool
    /// The least contrast where the theme promises more than others.
    let least: Double?

    init(
      _ name: String, hasColours: Bool = true, isForAllEyes: Bool = false, least: Double? = nil
    ) {
      self.name = name
      self.hasColours = hasColours
      self.isForAllEyes = isForAllEyes
      self.least = least
    }

    func contrast(_ ink: Ink, _ depth: ColourDepth) -> Double {
      if let least { return least }
      let isDirect = depth == .direct
      switch ink {
      case .faint: return isDirect ? 3 : 2
      case .plain: return 4.5
      default: return isDirect ? 4.5 : 3
      }
    }

    var testDescription: String { name }

    func theme() throws -> Theme {
      let description = try #require(
        try ThemeDescription.load(
          Array("\(repository)/Themes/\(name).toml".utf8), inks: Ink.allCases.map { "\($0)" },
          grounds: Ground.allCases.map { "\($0)" }))
      #expect(description.name == name)
      #expect(Set(description.inks.keys) == Set(Ink.allCases.map { "\($0)" }))
      #expect(Set(description.grounds.keys) == Set(Ground.allCases.map { "\($0)" }))
      return Theme(description)
    }
  }

  private static let coloured = promises.filter(\.hasColours)

  /// Every ink with every ground it is painted on: as the golden screens have it, and source text in all its colours on all sides
  /// of a diff.
  private static let painted: [(ink: Ink, ground: Ground)] = {
    let inks = Dictionary(uniqueKeysWithValues: Ink.allCases.map { ("\($0)", $0) })
    let grounds = Dictionary(uniqueKeysWithValues: Ground.allCases.map { ("\($0)", $0) })
    var styles: Set<Style> = []
    let directory = "\(repository)/Fixtures/Screens"
    for name in LocalFiles.names(in: directory) ?? [] {
      guard let bytes = try? LocalFiles.read("\(directory)/\(name)") else { continue }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      guard let start = lines.lastIndex(of: ". plain") else { continue }
      for line in lines[(start + 1)...] {
        let words = line.dropFirst(2).prefix { $0 != "," }.split(separator: " ")
        guard let ink = inks[String(words.first ?? "")] else { continue }
        let ground = words.count == 3 ? grounds[String(words[2])] ?? .plain : .plain
        styles.insert(Style(ink, on: ground))
      }
    }
    precondition(styles.count > 60, "the golden screens cannot be read")
    let source: [Ink] = [
      .plain, .escaped, .faint, .comment, .keyword, .type, .string, .number, .function, .constant,
      .preprocessor,
    ]
    for ground in [Ground.plain, .added, .addedSpan, .removed, .removedSpan] {
      for ink in source { styles.insert(Style(ink, on: ground)) }
    }
    for ground in Ground.allCases { styles.insert(Style(on: ground)) }
    return styles.map { ($0.ink, $0.ground) }
  }()

  @Test func `every theme file is one of those that are examined`() {
    let files = (LocalFiles.names(in: "\(Self.repository)/Themes") ?? []).filter {
      $0.hasSuffix(".toml")
    }
    #expect(files == Self.promises.map { "\($0.name).toml" }.sorted())
  }

  @Test(arguments: coloured, [ColourDepth.palette, .direct])
  func `text has its contrast on every ground it is painted on`(
    _ promise: Promise, _ depth: ColourDepth
  ) throws {
    let theme = try promise.theme()
    // The theme of high contrast promises it for any pair, painted today or not.
    let all = Ink.allCases.flatMap { ink in Ground.allCases.map { (ink, $0) } }
    for (ink, ground) in promise.least == nil ? Self.painted : all {
      let contrast = try Self.contrast(of: Style(ink, on: ground), in: theme, depth)
      #expect(
        contrast >= promise.contrast(ink, depth),
        "\(promise.name): \(ink) on \(ground) at \(depth): \(contrast)")
    }
  }

  private static func contrast(
    of style: Style, in theme: Theme, _ depth: ColourDepth
  ) throws -> Double {
    let paint = theme.paint(for: style, colours: depth)
    return try #require(LinearColour(paint.foreground))
      .contrast(with: #require(LinearColour(paint.background)))
  }

  /// What must never be taken for each other, with the least Delta E.
  private static let apart: [(first: Style, second: Style, least: Double)] = [
    (Style(on: .added), Style(on: .removed), 25),
    (Style(on: .addedSpan), Style(on: .removedSpan), 40),
    (Style(.added), Style(.removed), 60), (Style(.approved), Style(.rejected), 60),
    (Style(on: .plain), Style(on: .added), 10), (Style(on: .plain), Style(on: .removed), 10),
    (Style(on: .added), Style(on: .addedSpan), 12),
    (Style(on: .removed), Style(on: .removedSpan), 12),
    (Style(on: .cursor), Style(on: .added), 10), (Style(on: .cursor), Style(on: .removed), 10),
  ]

  /// How far two styles are apart, by their inks where these differ and else by their grounds.
  private static func difference(
    _ first: Style, _ second: Style, in theme: Theme, _ depth: ColourDepth, _ vision: ColourVision
  ) throws -> Double {
    let part: (Style) -> Colour? = { style in
      let paint = theme.paint(for: style, colours: depth)
      return first.ink == second.ink ? paint.background : paint.foreground
    }
    return try #require(LinearColour(part(first)))
      .difference(from: #require(LinearColour(part(second))), for: vision)
  }

  @Test(arguments: promises.filter(\.isForAllEyes), [ColourDepth.palette, .direct])
  func `added and removed stay apart for who cannot tell red from green`(
    _ promise: Promise, _ depth: ColourDepth
  ) throws {
    let theme = try promise.theme()
    for vision in ColourVision.allCases {
      for (first, second, least) in Self.apart {
        let difference = try Self.difference(first, second, in: theme, depth, vision)
        #expect(
          difference >= least, "\(promise.name), \(vision), \(depth): \(first), \(second)")
      }
    }
  }

  @Test(arguments: promises, ColourDepth.allCases)
  func `what decides has a paint of its own at every depth`(
    _ promise: Promise, _ depth: ColourDepth
  ) throws {
    let theme = try promise.theme()
    let paint = { (style: Style) in theme.paint(for: style, colours: depth) }
    let grounds: [Ground] = [.added, .addedSpan, .removed, .removedSpan]
    for (index, ground) in grounds.enumerated() {
      for other in grounds[(index + 1)...] {
        #expect(paint(Style(on: ground)) != paint(Style(on: other)), "\(ground) \(other)")
      }
      // Without colours removed lines have their sign alone.
      if depth != .none || ground != .removed {
        #expect(paint(Style(on: ground)) != paint(Style()), "\(ground)")
      }
    }
    for ground in Ground.allCases {
      #expect(paint(Style(.escaped, on: ground)) != paint(Style(.plain, on: ground)), "\(ground)")
    }
    for ground in [Ground.cursor, .selection, .match, .alert, .header] {
      #expect(paint(Style(on: ground)) != paint(Style()), "\(ground)")
    }
  }

  @Test func `the theme of ANSI colours has no others`() throws {
    let theme = try #require(Self.promises.first { !$0.hasColours }).theme()
    for paint in Array(theme.inks.values) + Array(theme.grounds.values) {
      for colour in [paint.foreground, paint.background] {
        switch colour {
        case nil, .standard, .ansi(0...7): break
        default: Issue.record("\(String(describing: colour))")
        }
      }
    }
  }

  // MARK: - Documentation

  /// A theme's row in the table of Themes/README.md, each number the lowest of those it stands for.
  private static func row(_ promise: Promise) throws -> String {
    let theme = try promise.theme()
    func contrast(_ isWanted: (Ink) -> Bool, _ depth: ColourDepth) throws -> String {
      let all = try painted.filter { isWanted($0.ink) }
        .map { try Self.contrast(of: Style($0.ink, on: $0.ground), in: theme, depth) }
      let tenths = Int((all.min() ?? 0) * 10)
      return "\(tenths / 10).\(tenths % 10)"
    }
    func difference(_ index: Int, _ vision: ColourVision) throws -> String {
      let all = try [ColourDepth.direct, .palette].map {
        try Self.difference(apart[index].first, apart[index].second, in: theme, $0, vision)
      }
      return "\(Int(all.min() ?? 0))"
    }
    var cells = [promise.name]
    for depth in [ColourDepth.direct, .palette] {
      cells.append(try contrast({ $0 != .faint }, depth))
      cells.append(try contrast({ $0 == .faint }, depth))
    }
    for index in [0, 1, 3] {
      let all = try ColourVision.allCases.map { try difference(index, $0) }
      cells.append(all.joined(separator: ", "))
    }
    return "| " + cells.joined(separator: " | ") + " |"
  }

  @Test(arguments: coloured)
  func `the table in the documentation has each theme's figures`(_ promise: Promise) throws {
    let page = String(
      decoding: try LocalFiles.read("\(Self.repository)/Themes/README.md"), as: UTF8.self)
    let row = try Self.row(promise)
    #expect(page.split(separator: "\n").contains(Substring(row)), "\(row)")
  }

  @Test func `the documentation names every role`() throws {
    let page = String(
      decoding: try LocalFiles.read("\(Self.repository)/Themes/README.md"), as: UTF8.self)
    for role in Ink.allCases.map({ "\($0)" }) + Ground.allCases.map({ "\($0)" }) {
      #expect(page.contains("`\(role)`"), "\(role)")
    }
  }
}
