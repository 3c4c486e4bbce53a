// Which keys ask for which command on which screen.

package import CellGrid

/// Where a key is pressed.
package enum KeyContext: String, CaseIterable, Hashable, Sendable {
  case sessions
  case queue
  case ask
  case review
  case unplaced
  case commit
  case viewer

  package var title: String {
    switch self {
    case .sessions: "Sessions"
    case .queue: "Queue"
    case .ask: "Ask"
    case .review: "Review"
    case .unplaced: "Unplaced edits"
    case .commit: "Commit"
    case .viewer: "Text"
    }
  }
}

/// One key, or several pressed one after another.
package struct KeySequence: Hashable, Sendable, CustomStringConvertible {
  package let keys: [Key]

  package init(_ keys: [Key]) { self.keys = keys }

  /// Reads names of keys with blanks between them, such as `ctrl-x u`; nil when one of them is no key.
  package init?(parsing text: String) {
    let names = text.split(separator: " ")
    let keys = names.compactMap { Key(parsing: String($0)) }
    guard !keys.isEmpty, keys.count == names.count else { return nil }
    self.keys = keys
  }

  package var description: String { keys.map(\.name).joined(separator: " ") }
}

/// The bindings in force.
package struct Keymap: Sendable {
  package struct Binding: Hashable, Sendable {
    package let keys: KeySequence
    package let command: Command
  }

  /// What keys pressed so far ask for.
  package enum Answer: Hashable, Sendable {
    case command(Command)
    /// More keys are needed; what each of them would do.
    case prefix([Binding])
    case nothing
  }

  /// In the order of help: the first binding of a command is the one shown in footers.
  private var bindings: [KeyContext: [Binding]] = [:]
  private var commands: [KeyContext: [KeySequence: Command]] = [:]

  package init() {}

  /// The bindings of a screen in the order of the table.
  package func bindings(in context: KeyContext) -> [Binding] { bindings[context] ?? [] }

  package func command(for key: Key, in context: KeyContext) -> Command? {
    commands[context]?[KeySequence([key])]
  }

  /// What `keys`, pressed one after another, ask for.
  package func answer(to keys: [Key], in context: KeyContext) -> Answer {
    if let command = commands[context]?[KeySequence(keys)] { return .command(command) }
    let longer = bindings(in: context).filter {
      $0.keys.keys.count > keys.count && $0.keys.keys.starts(with: keys)
    }
    return longer.isEmpty ? .nothing : .prefix(longer)
  }

  /// The keys that footers show for `command`, or nil when it has none.
  package func keys(for command: Command, in context: KeyContext) -> KeySequence? {
    bindings[context]?.first { $0.command == command }?.keys
  }

  /// The keys of `command` for a sentence; the palette's way where it has none.
  package func name(of command: Command, in context: KeyContext) -> String {
    keys(for: command, in: context)?.description ?? ":\(command.rawValue)"
  }

  /// Binds `keys` to `command` on a screen, before other keys of the same command; whatever these keys, or a beginning of them, asked for
  /// there is taken over.
  mutating func bind(_ keys: KeySequence, _ command: Command, in context: KeyContext) {
    var list = bindings(in: context).filter { !$0.keys.collides(with: keys) }
    let place = list.firstIndex { $0.command == command } ?? Self.place(of: command, in: list)
    list.insert(Binding(keys: keys, command: command), at: place)
    bindings[context] = list
    commands[context] = Dictionary(uniqueKeysWithValues: list.map { ($0.keys, $0.command) })
  }

  /// Where a command without keys stands in the order of the table.
  private static func place(of command: Command, in list: [Binding]) -> Int {
    let rank = CommandTable.rank(of: command)
    return list.firstIndex { CommandTable.rank(of: $0.command) > rank } ?? list.count
  }

  /// The default preset, near vim, less and lazygit: the keys of the table.
  package static let standard: Keymap = {
    var map = Keymap()
    for entry in CommandTable.entries {
      for (contexts, names) in entry.keys {
        for context in contexts {
          for name in names {
            guard let keys = KeySequence(parsing: name) else {
              preconditionFailure("the default keymap names an unknown key: \(name)")
            }
            map.bindings[context, default: []].append(Binding(keys: keys, command: entry.command))
            map.commands[context, default: [:]][keys] = entry.command
          }
        }
      }
    }
    return map
  }()

  /// The commands that a screen's footer shows, most wanted first.
  package static func footer(of context: KeyContext) -> [Command] {
    switch context {
    case .sessions: [.open, .newRequest, .showQueue, .retry, .discard, .restore, .help, .quit]
    case .queue: [.moveEarlier, .moveLater, .pauseRequest, .cancelRequest, .back, .help]
    case .ask: [.send, .nextField, .showPrompt, .toggleMap, .findServers, .back, .help]
    case .review:
      [
        .approveAndNext, .reject, .nextUndecided, .commitSheet, .selectLines, .split, .comment,
        .askAgain, .undo, .help,
      ]
    case .unplaced:
      [
        .placeHere, .nextPlace, .askAgain, .editHunk, .dropUnplaced, .open, .showConversation,
        .back, .help,
      ]
    case .commit: [.commit, .editMessage, .reviewRest, .back, .help]
    case .viewer: [.lineDown, .pageDown, .search, .toggleWrap, .back, .help]
    }
  }
}

extension KeySequence {
  /// Whether one of the two begins with the other: then only one of them can be bound.
  package func collides(with other: KeySequence) -> Bool {
    keys.starts(with: other.keys) || other.keys.starts(with: keys)
  }
}

extension CommandTable {
  private static let ranks = Dictionary(
    uniqueKeysWithValues: entries.enumerated().map { ($1.command, $0) })

  /// The place of a command in the table.
  fileprivate static func rank(of command: Command) -> Int { ranks[command] ?? ranks.count }
}
