// The keymap is one table: nothing bound twice, nothing forgotten, nothing dead.

import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct KeymapTests {
  /// Commands without a key, and why.
  private static let unbound: [Command: String] = [
    .toggleFile: "space and Enter in the list of files, which is a text field, do it"
  ]

  @Test func `no key asks for two commands on one screen`() {
    for context in KeyContext.allCases {
      let keys = Keymap.standard.bindings(in: context).map(\.keys)
      let doubled = keys.filter { key in keys.count { $0 == key } > 1 }
      #expect(Set(doubled).isEmpty, "on \(context.title)")
    }
  }

  @Test(arguments: Command.allCases)
  func `a command has a key on some screen, or is known to need none`(_ command: Command) {
    let isBound = KeyContext.allCases.contains { Keymap.standard.keys(for: command, in: $0) != nil }
    #expect(isBound != (Self.unbound[command] != nil))
  }

  @Test(arguments: Command.allCases)
  func `a command says what it does, in words and in a sentence`(_ command: Command) {
    #expect(command.label.unicodeScalars.count <= 18)
    #expect(command.summary.hasSuffix("."))
    #expect(command.summary.first?.isUppercase == true)
  }

  @Test(arguments: KeyContext.allCases)
  func `a footer names only commands that have a key there`(_ context: KeyContext) {
    for command in Keymap.footer(of: context) {
      #expect(Keymap.standard.keys(for: command, in: context) != nil, "\(command)")
    }
  }

  @Test(arguments: KeyContext.allCases)
  func `every binding is found again by its key, and its key by its name`(_ context: KeyContext) {
    for binding in Keymap.standard.bindings(in: context) {
      #expect(
        Keymap.standard.answer(to: binding.keys.keys, in: context) == .command(binding.command))
      #expect(KeySequence(parsing: binding.keys.description) == binding.keys)
    }
  }

  @Test func `no key that a text field needs is bound while one is typed in`() {
    for binding in Keymap.standard.bindings(in: .ask) {
      var field = TextField("some text", isMultiline: true)
      let before = field
      for key in binding.keys.keys {
        if case .character = key { Issue.record("\(binding.keys) cannot be typed") }
        _ = field.handle(key)
      }
      #expect(field == before, "\(binding.keys) edits and is bound to \(binding.command)")
    }
  }

  @Test func `every screen can be left and explains its keys`() {
    for context in KeyContext.allCases {
      let commands = Keymap.standard.bindings(in: context).map(\.command)
      #expect(commands.contains(.help), "\(context)")
      #expect(commands.contains(.back) || commands.contains(.quit), "\(context)")
      #expect(commands.contains(.suspend) && commands.contains(.redraw), "\(context)")
    }
  }
}
