// Text and files in the user's editor.

import Approval
import AuditLog
import GitStore
import Glibc
import Terminal

/// Why a text was not edited.
enum EditingProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case editorFailed(String)
  case noSuchFile([UInt8])
  case noDirectory([UInt8], Int32)

  var description: String {
    switch self {
    case .editorFailed(let editor):
      "The editor (\(editor)) did not end well; the text is as before. Set core.editor, VISUAL or EDITOR to one that works here."
    case .noDirectory(let path, let code):
      "No directory for the text could be made in \(DisplayedBytes.text(of: path)): \(SystemMessage.of(code))."
    case .noSuchFile(let path):
      "\(DisplayedBytes.text(of: path)) is not in your checkout, or is a link there."
    }
  }
}

/// Opens the editor that git would use, on the terminal that the screen gives up meanwhile.
struct TextEditing {
  let screen: Screen
  let surroundings: Surroundings

  /// Opens `text` under the name `name` in a private directory and returns what was saved.
  func edit(_ text: [UInt8], called name: [UInt8]) throws -> [UInt8] {
    let state = surroundings.locations.state
    try PrivateDirectory.ensure(state)
    let parent = state + Array("/edit".utf8)
    try PrivateDirectory.ensure(parent)
    // One directory for each text: others may be editing one of the same name.
    var template = (parent + Array("/XXXXXX".utf8)).map { CChar(bitPattern: $0) } + [0]
    guard mkdtemp(&template) != nil else { throw EditingProblem.noDirectory(parent, errno) }
    let directory = template.dropLast().map { UInt8(bitPattern: $0) }
    defer {
      // The editor's backups too: what was written may be a secret that was taken out again.
      let name = String(decoding: directory, as: UTF8.self)
      for file in LocalFiles.files(below: name) { unlink("\(name)/\(file)") }
      rmdir(name)
    }
    let path = directory + Array("/".utf8) + name
    do {
      let file = try OpenFile(
        "write the text to", path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(text)
    }
    let text = String(decoding: path, as: UTF8.self)
    defer { unlink(text) }
    try run(arguments: [text])
    return try LocalFiles.read(text)
  }

  /// Opens a file of the user's checkout at a 0-based line.
  func open(_ path: RepositoryPath, line: Int) throws {
    let full = Array(surroundings.repository.workDirectory.utf8) + Array("/".utf8) + path.bytes
    let text = String(decoding: full, as: UTF8.self)
    guard text.utf8.elementsEqual(full), try FileSystemCalls.system.lstat(full).kind == .regular
    else { throw EditingProblem.noSuchFile(path.bytes) }
    // Nearly every editor of a terminal takes the line so; one that does not opens two files.
    try run(arguments: ["+\(line + 1)", text])
  }

  private func run(arguments: [String]) throws {
    let editor = try editor
    // As git does: the editor's setting is a shell command line, the file its last argument.
    let end = try screen.run(["/bin/sh", "-c", "\(editor) \"$@\"", editor] + arguments)
    guard end == .code(0) else { throw EditingProblem.editorFailed(editor) }
  }

  private var editor: String {
    get throws {
      let environment = surroundings.environment
      if let editor = environment["GIT_EDITOR"], !editor.isEmpty { return editor }
      let repository = surroundings.repository
      if let editor = try waiting({ try await repository.configuredEditor() }) { return editor }
      for name in ["VISUAL", "EDITOR"] {
        if let editor = environment[name], !editor.isEmpty { return editor }
      }
      return "vi"
    }
  }
}
