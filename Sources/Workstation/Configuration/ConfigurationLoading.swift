// From `config.toml` to a `Configuration`: finding the file, its top level, its plain tables.

package import AuditLog

extension Configuration {
  /// Reads the user's settings; all defaults when there is no file.
  ///
  /// The repository's own files are not looked at here: what they may add is `RepositorySettings`.
  package static func load(environment: ProcessEnvironment = .current())
    throws(ConfigurationError) -> Configuration
  {
    let locations = try StateLocations(environment: environment)
    return try load(locations: locations)
  }

  package static func load(locations: StateLocations, calls: FileSystemCalls = .system)
    throws(ConfigurationError) -> Configuration
  {
    let content: [UInt8]?
    do throws(FileError) {
      content = try TrustedFile.content(of: locations.configurationFile, calls: calls)
    } catch {
      throw ConfigurationError(.file(error))
    }
    guard let content else { return Configuration() }
    return try parse(content, path: locations.configurationFile, home: locations.home)
  }

  /// Reads settings from the bytes of a file.
  ///
  /// - Parameters:
  ///   - path: where the bytes come from, for errors.
  ///   - home: what `~/` at the start of a path stands for.
  package static func parse(_ bytes: [UInt8], path: [UInt8], home: [UInt8]?)
    throws(ConfigurationError) -> Configuration
  {
    let top = try Section<TopKey>(SettingsTable(file: bytes, path: path))
    var configuration = Configuration()
    configuration.path = path
    configuration.endpoints = try ConfiguredEndpoint.parse(
      top.tables(.endpoint), home: home)
    if let name = try top.text(.defaultEndpoint) {
      let names = configuration.endpoints.map(\.name)
      guard names.contains(name) else {
        throw top.error(
          .defaultEndpoint,
          .unknownName(
            key: "default_endpoint", name: name, what: "the name of any [[endpoint]]",
            nearest: NearestName.of(name, among: names)))
      }
      configuration.defaultEndpoint = name
    }
    if let theme = try top.text(.theme) {
      guard SettingName.isValid(theme) else {
        throw top.refusal(.theme, "a theme's name is made of letters, digits, - and _")
      }
      configuration.theme = theme
    }
    if let delay = try top.integer(.escapeDelay, in: 0...1000) {
      configuration.escapeDelayMilliseconds = delay
    }
    if let table = try top.table(.keys) { configuration.keys = try Keys(table) }
    if let table = try top.table(.review) { configuration.review = try Reading(table) }
    if let table = try top.table(.commit) { configuration.commit = try Commit(table, home: home) }
    if let table = try top.table(.worktree) { configuration.worktree = try Worktree(table) }
    if let table = try top.table(.checks) { configuration.checks = try Check.parse(table) }
    if let table = try top.table(.policy) { configuration.policy = try Policy(table) }
    return configuration
  }

  /// Whether `config.toml` may have something of that name at its top.
  static func knows(_ name: String) -> Bool { TopKey(rawValue: name) != nil }

  private enum TopKey: String, CaseIterable {
    case endpoint, theme, keys, review, commit, worktree, checks, policy
    case defaultEndpoint = "default_endpoint"
    case escapeDelay = "escape_delay_ms"
  }
}

/// Names that the user gives to endpoints, themes and checks.
enum SettingName {
  /// Whether `name` is made of ASCII letters, digits, `-`, `_` and inner dots, up to 64.
  static func isValid(_ name: String) -> Bool {
    name.utf8.count <= 64 && !name.hasPrefix(".") && !name.hasPrefix("-")
      && name.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || ["-", "_", "."].contains(scalar))
      }
  }
}
