// Where Countersign keeps what: every path outside the repository's files is made here.

/// The places of configuration, state and records. Pure: nothing is looked up or created.
///
/// Private directories are made by `PrivateDirectory.ensure` of AuditLog when first needed.
package struct StateLocations: Hashable, Sendable {
  /// The user's home directory; nil when the environment does not say.
  package let home: [UInt8]?
  /// `$XDG_CONFIG_HOME/countersign`, by default `~/.config/countersign`.
  package let configuration: [UInt8]
  /// `$XDG_STATE_HOME/countersign`, by default `~/.local/state/countersign`.
  package let state: [UInt8]
  /// `$XDG_RUNTIME_DIR/countersign` for sockets, by default `run` in the state directory.
  package let runtime: [UInt8]

  /// - Throws: when a directory depends on `HOME` and that is unset or relative.
  package init(environment: ProcessEnvironment) throws(ConfigurationError) {
    home = environment.absolutePath("HOME")
    configuration = try StateLocations.directory(
      environment.absolutePath("XDG_CONFIG_HOME"), orHome: home, "/.config")
    state = try StateLocations.directory(
      environment.absolutePath("XDG_STATE_HOME"), orHome: home, "/.local/state")
    runtime =
      environment.absolutePath("XDG_RUNTIME_DIR").map { $0 + Array("/countersign".utf8) }
      ?? state + Array("/run".utf8)
  }

  package var configurationFile: [UInt8] { configuration + Array("/config.toml".utf8) }
  package var themes: [UInt8] { configuration + Array("/themes".utf8) }
  package var worktrees: [UInt8] { state + Array("/worktrees".utf8) }
  /// What was trusted of the settings that repositories bring.
  package var trust: [UInt8] { state + Array("/trusted".utf8) }
  package var debugLog: [UInt8] { state + Array("/debug.log".utf8) }

  /// The directory of all session records of a repository.
  package static func sessions(gitCommonDirectory: [UInt8]) -> [UInt8] {
    gitCommonDirectory + Array("/countersign/sessions".utf8)
  }

  /// The directory of one session's records; nil when `session` is not a session's name.
  package static func session(_ session: String, gitCommonDirectory: [UInt8]) -> [UInt8]? {
    guard isSessionName(session) else { return nil }
    return sessions(gitCommonDirectory: gitCommonDirectory) + Array("/\(session)".utf8)
  }

  /// Whether `name` is made of lower-case letters, digits and single inner hyphens, up to 64.
  ///
  /// Such a name is safe in a path and in a ref.
  package static func isSessionName(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return name.utf8.count <= 64
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          }
      }
  }

  private static func directory(_ base: [UInt8]?, orHome home: [UInt8]?, _ below: String)
    throws(ConfigurationError) -> [UInt8]
  {
    guard let base = base ?? home.map({ $0 + Array(below.utf8) }) else {
      throw ConfigurationError(.noHome)
    }
    return base + Array("/countersign".utf8)
  }
}
