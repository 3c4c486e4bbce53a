// The table `[keys]`: a preset and the user's own bindings, checked when the file is read.

import AuditLog
package import Review

extension Configuration.Keys {
  private enum Key: String, CaseIterable { case preset, bindings }

  init(_ table: SettingsTable) throws(ConfigurationError) {
    self.init()
    let section = try Section<Key>(table)
    if let preset: KeymapPreset = try section.choice(.preset, what: "a preset") {
      self.preset = preset
    }
    guard let bindings = try section.table(.bindings) else { return }
    for entry in bindings.table.entries {
      guard !entry.key.isEmpty else {
        throw bindings.error(.refused(key: "", reason: "a key has a name"), line: entry.line)
      }
      self.bindings.append(
        Binding(
          key: entry.key, command: try bindings.text(entry.node, of: entry), line: entry.line))
    }
    do throws(BindingProblem) {
      _ = try Keymap(preset, written)
    } catch {
      throw bindings.error(problem(error), line: self.bindings[error.index].line)
    }
  }

  private var written: [WrittenBinding] {
    bindings.map { WrittenBinding(keys: $0.key, command: $0.command) }
  }

  /// The keymap in force.
  ///
  /// - Precondition: the settings were read from a file, which checks the bindings, or are the defaults.
  package var keymap: Keymap {
    do throws(BindingProblem) {
      return try Keymap(preset, written)
    } catch {
      preconditionFailure("a binding that was not checked: \(error)")
    }
  }

  private func problem(_ problem: BindingProblem) -> ConfigurationError.Problem {
    let binding = bindings[problem.index]
    func refused(_ reason: String) -> ConfigurationError.Problem {
      .refused(key: binding.key, reason: reason)
    }
    switch problem {
    case .unknownKey:
      return refused(
        "it names no key; keys are written like ctrl-x, alt-down, F5, Space or G, several with blanks between"
      )
    case .unknownScreen:
      let screens = KeyContext.allCases.map(\.rawValue).joined(separator: ", ")
      return refused("before the colon stands a screen: \(screens)")
    case .unknownCommand:
      return .unknownName(
        key: binding.key, name: binding.command, what: "a command",
        nearest: NearestName.of(binding.command, among: Command.allCases.map(\.rawValue)))
    case .notThere(_, let command):
      let screens = CommandTable.entry(of: command).contexts.map(\.rawValue)
      return refused(
        "\(command.rawValue) does nothing on that screen, only on \(screens.joined(separator: ", "))"
      )
    case .conflict(_, let other, let context):
      let other = bindings[other]
      return refused(
        "on the screen \(context.rawValue) it is \(binding.command), and line \(other.line) has "
          + "\"\(DisplayedBytes.text(of: other.key.utf8))\" for \(other.command); only one of the two can hold"
      )
    case .typesText(_, let context):
      return refused("on the screen \(context.rawValue) this key types text")
    case .locksIn(_, let context):
      return refused("no key would be left to leave the screen \(context.rawValue)")
    }
  }
}
