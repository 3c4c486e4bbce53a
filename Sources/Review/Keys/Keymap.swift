// Which key asks for which command on which screen.

package import CellGrid

/// Where a key is pressed.
package enum KeyContext: String, CaseIterable, Hashable, Sendable {
  case sessions
  case ask
  case review
  case unplaced
  case commit
  case viewer

  package var title: String {
    switch self {
    case .sessions: "Sessions"
    case .ask: "Ask"
    case .review: "Review"
    case .unplaced: "Unplaced edits"
    case .commit: "Commit"
    case .viewer: "Text"
    }
  }
}

/// The bindings in force.
package struct Keymap: Sendable {
  package struct Binding: Hashable, Sendable {
    package let key: Key
    package let command: Command
  }

  /// In the order of help: the first binding of a command is the one shown in footers.
  private var bindings: [KeyContext: [Binding]] = [:]
  private var commands: [KeyContext: [Key: Command]] = [:]

  package init() {}

  /// The bindings of a screen in the order of the table.
  package func bindings(in context: KeyContext) -> [Binding] { bindings[context] ?? [] }

  package func command(for key: Key, in context: KeyContext) -> Command? {
    commands[context]?[key]
  }

  /// The key that footers show for `command`, or nil when it has none.
  package func key(for command: Command, in context: KeyContext) -> Key? {
    bindings[context]?.first { $0.command == command }?.key
  }

  /// Binds `names` to `command`; a key bound before is taken over.
  ///
  /// - Precondition: every name is a key's name.
  private mutating func bind(_ names: [String], _ command: Command, in contexts: [KeyContext]) {
    for context in contexts {
      for name in names {
        guard let key = Key(parsing: name) else {
          preconditionFailure("the default keymap names an unknown key: \(name)")
        }
        bindings[context, default: []].append(Binding(key: key, command: command))
        commands[context, default: [:]][key] = command
      }
    }
  }

  /// The default preset, near vim, less and lazygit.
  package static let standard: Keymap = {
    var map = Keymap()
    let lists: [KeyContext] = [.sessions, .review, .unplaced, .commit, .viewer]
    map.bind(["y", "a"], .approveAndNext, in: [.review])
    map.bind(["x"], .reject, in: [.review])
    map.bind(["Space"], .approve, in: [.review])
    map.bind(["v"], .selectLines, in: [.review])
    map.bind(["V"], .selectGroup, in: [.review])
    map.bind(["s", "\\"], .split, in: [.review])
    map.bind(["X"], .rejectWithReason, in: [.review])
    map.bind(["A"], .approveFile, in: [.review])
    map.bind(["!"], .acknowledge, in: [.review])
    map.bind(["u"], .undo, in: [.review])
    map.bind(["ctrl-r"], .redo, in: [.review])
    map.bind(["Tab"], .nextUndecided, in: [.review])
    map.bind(["shift-tab"], .previousUndecided, in: [.review])
    map.bind(["]", "alt-down"], .nextHunk, in: [.review])
    map.bind(["[", "alt-up"], .previousHunk, in: [.review])
    map.bind(["}", "J"], .nextFile, in: [.review])
    map.bind(["{", "K"], .previousFile, in: [.review])

    map.bind(["Enter"], .open, in: [.sessions, .unplaced])
    map.bind(["n"], .newRequest, in: [.sessions])
    map.bind(["d"], .discard, in: [.sessions])
    map.bind(["R"], .restore, in: [.sessions])
    map.bind(["ctrl-c"], .cancelRequest, in: [.sessions])

    map.bind(["e"], .editMessage, in: [.commit])
    map.bind(["C", "Enter"], .commit, in: [.commit])
    map.bind(["ctrl-c"], .cancelCommit, in: [.commit])
    map.bind(["o"], .reviewRest, in: [.commit, .review])

    map.bind(["ctrl-s", "f5"], .send, in: [.ask])
    map.bind(["ctrl-p", "f2"], .showPrompt, in: [.ask])
    map.bind(["ctrl-f"], .findServers, in: [.ask])
    map.bind(["Tab"], .nextField, in: [.ask])
    map.bind(["shift-tab"], .previousField, in: [.ask])

    map.bind(["j", "Down"], .lineDown, in: lists)
    map.bind(["k", "Up"], .lineUp, in: lists)
    map.bind(["ctrl-d"], .halfPageDown, in: lists)
    map.bind(["ctrl-u"], .halfPageUp, in: lists)
    map.bind(["PageDown", "ctrl-f"], .pageDown, in: lists)
    map.bind(["PageUp", "ctrl-b"], .pageUp, in: lists)
    map.bind(["g", "Home"], .top, in: lists)
    map.bind(["G", "End"], .bottom, in: lists)
    map.bind(["h", "Left"], .scrollLeft, in: [.review, .viewer])
    map.bind(["l", "Right"], .scrollRight, in: [.review, .viewer])

    map.bind(["C"], .commitSheet, in: [.review])
    map.bind(["U"], .unplacedEdits, in: [.review])
    map.bind(["|", "="], .toggleMode, in: [.review])
    map.bind(["w"], .toggleWrap, in: [.review, .viewer])
    map.bind(["f"], .toggleFilePane, in: [.review])
    map.bind(["+"], .moreContext, in: [.review])
    map.bind(["-"], .lessContext, in: [.review])

    map.bind(["?", "f1"], .help, in: lists)
    map.bind(["f1"], .help, in: [.ask])
    map.bind(["ctrl-l"], .redraw, in: KeyContext.allCases)
    map.bind(["ctrl-z"], .suspend, in: KeyContext.allCases)
    map.bind(["q"], .quit, in: [.sessions])
    map.bind(["q"], .back, in: [.review])
    map.bind(["Esc"], .cancelSelection, in: [.review])
    map.bind(["q", "Esc"], .back, in: [.unplaced, .commit, .viewer])
    map.bind(["Esc"], .back, in: [.ask])
    return map
  }()

  /// The commands that a screen's footer shows, most wanted first.
  package static func footer(of context: KeyContext) -> [Command] {
    switch context {
    case .sessions: [.open, .newRequest, .discard, .restore, .help, .quit]
    case .ask: [.send, .nextField, .showPrompt, .findServers, .back, .help]
    case .review:
      [
        .approveAndNext, .reject, .nextUndecided, .commitSheet, .selectLines, .split, .undo, .help,
      ]
    case .unplaced: [.lineDown, .lineUp, .back, .help]
    case .commit: [.commit, .editMessage, .reviewRest, .back, .help]
    case .viewer: [.lineDown, .pageDown, .toggleWrap, .back]
    }
  }
}
