// The commit message in the user's editor.

import AuditLog
import GitStore
import Glibc
import Terminal

/// Why the message was not edited.
enum EditingProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case editorFailed(String)

  var description: String {
    switch self {
    case .editorFailed(let editor):
      "The editor (\(editor)) did not end well; the message is as before. Set core.editor, VISUAL or EDITOR to one that works here."
    }
  }
}

enum MessageEditing {
  /// Opens `message` in the editor that git would use and returns what was saved.
  static func edit(_ message: [UInt8], on screen: Screen, runner: Runner) throws -> [UInt8] {
    let state = runner.surroundings.locations.state
    try PrivateDirectory.ensure(state)
    let path = state + Array("/COMMIT_EDITMSG".utf8)
    do {
      let file = try OpenFile(
        "write the message to", path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
        mode: 0o600, calls: .system)
      try file.write(message)
    }
    let editor = try editor(runner)
    let name = String(decoding: path, as: UTF8.self)
    // As git does: the editor's setting is a shell command line, the file its last argument.
    let end = try screen.run(["/bin/sh", "-c", "\(editor) \"$@\"", editor, name])
    guard end == .code(0) else { throw EditingProblem.editorFailed(editor) }
    return try LocalFiles.read(name)
  }

  private static func editor(_ runner: Runner) throws -> String {
    let environment = runner.surroundings.environment
    if let editor = environment["GIT_EDITOR"], !editor.isEmpty { return editor }
    let repository = runner.surroundings.repository
    if let editor = try waiting({ try await repository.configuredEditor() }) { return editor }
    for name in ["VISUAL", "EDITOR"] {
      if let editor = environment[name], !editor.isEmpty { return editor }
    }
    return "vi"
  }
}
