// A keymap made of a preset and the user's own bindings, with conflicts found and named.

import CellGrid

/// A binding as the user wrote it.
package struct WrittenBinding: Hashable, Sendable {
  /// Names of keys with blanks between them; a screen's name and a colon may stand before: `review: ctrl-j`.
  package let keys: String
  package let command: String

  package init(keys: String, command: String) {
    self.keys = keys
    self.command = command
  }
}

/// Why a binding cannot be had; `index` is that of the binding in question.
package enum BindingProblem: Error, Hashable, Sendable {
  case unknownKey(index: Int)
  case unknownCommand(index: Int)
  case unknownScreen(index: Int)
  /// The command does nothing on any screen, or on the one that was named.
  case notThere(index: Int, Command)
  /// Two bindings of the user's ask for different things with the same keys, or one's keys begin with the other's.
  case conflict(index: Int, with: Int, KeyContext)
  /// In the fields of this screen the key is text.
  case typesText(index: Int, KeyContext)
  /// No key would be left for this command, without which the screen cannot be left.
  case locksIn(index: Int, KeyContext)

  package var index: Int {
    switch self {
    case .unknownKey(let index), .unknownCommand(let index), .unknownScreen(let index),
      .notThere(let index, _), .conflict(let index, _, _), .typesText(let index, _),
      .locksIn(let index, _):
      index
    }
  }
}

extension Keymap {
  /// Binds what the user wrote on top of a preset, in order.
  ///
  /// A binding holds on every screen where its command does something, or on the one it names. It takes keys over from the preset, never
  /// from another binding of the user's.
  package init(
    _ preset: KeymapPreset, _ written: [WrittenBinding]
  ) throws(BindingProblem) {
    self = preset.keymap
    var bound: [(index: Int, keys: KeySequence, command: Command, context: KeyContext)] = []
    for (index, binding) in written.enumerated() {
      let (screen, names) = Self.parts(of: binding.keys)
      guard let keys = KeySequence(parsing: names) else { throw .unknownKey(index: index) }
      guard let command = Command(rawValue: binding.command) else {
        throw .unknownCommand(index: index)
      }
      var contexts = CommandTable.entry(of: command).contexts
      if let screen {
        guard let context = KeyContext(rawValue: screen) else { throw .unknownScreen(index: index) }
        contexts = contexts.filter { $0 == context }
      }
      guard !contexts.isEmpty else { throw .notThere(index: index, command) }
      for context in contexts {
        if context == .ask, keys.keys.contains(where: \.isTyped) {
          // A command that is wanted elsewhere too is bound there alone.
          guard screen == nil, contexts.count > 1 else {
            throw .typesText(index: index, context)
          }
          continue
        }
        for earlier in bound
        where earlier.context == context && earlier.keys.collides(with: keys)
          && (earlier.command != command || earlier.keys != keys)
        {
          throw .conflict(index: index, with: earlier.index, context)
        }
        bind(keys, command, in: context)
        bound.append((index, keys, command, context))
        guard keysLeave(context) else { throw .locksIn(index: index, context) }
      }
    }
  }

  private func keysLeave(_ context: KeyContext) -> Bool {
    keys(for: .back, in: context) != nil || keys(for: .quit, in: context) != nil
  }

  private static func parts(of text: String) -> (screen: String?, names: String) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
      text.index(after: colon) != text.endIndex
    else { return (nil, text) }
    let screen = text[..<colon]
    guard screen.allSatisfy({ $0.isLetter && $0.isLowercase }), screen.count > 1 else {
      return (nil, text)
    }
    return (String(screen), String(text[text.index(after: colon)...]))
  }
}

extension Key {
  /// Whether a text field takes the key as text or as a way to edit.
  fileprivate var isTyped: Bool {
    // With the cursor on the last and on the first of two lines: a field moves only to a line that is there.
    var last = TextField("two\nlines", isMultiline: true)
    var first = last
    _ = first.handle(.up)
    return last.handle(self) || first.handle(self)
  }
}
