// universal-ctags, asked what files define.

import AuditLog
import GitStore
import Glibc

/// Why the definitions of files cannot be had.
enum TaggerProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case missing
  case failed(String)

  var description: String {
    switch self {
    case .missing:
      "There is no universal-ctags on the PATH, and a map needs it; Debian's package has that name."
    case .failed(let why): "ctags did not say what the files define: \(why)"
    }
  }
}

/// A ctags that reads files from a pipe, in its own sandbox: it opens no file, no socket, and starts nothing.
struct Tagger: Sendable {
  struct File: Sendable {
    /// The last part of a path; it says what language the file is of.
    let name: String
    let content: [UInt8]
  }

  let executable: String
  let environment: [String: String]

  /// What can be called or is a type, in the words of ctags for one language or another.
  private static let kinds: Set<String> = [
    "function", "func", "method", "class", "struct", "interface", "enum", "union", "typedef",
    "type",
    "trait", "protocol", "module", "namespace", "prototype", "procedure", "subroutine",
    "singletonMethod", "generator", "implementation", "talias", "typealias", "object", "record",
    "constructor", "operator", "annotation", "mixin", "signature", "functor",
  ]

  /// Endings of files that are text or data: what ctags finds in them, such as headings, nobody calls.
  static let noSource: Set<String> = [
    "md", "rst", "txt", "adoc", "html", "htm", "xml", "json", "yml", "yaml", "toml", "ini", "csv",
    "svg", "css", "tex", "po",
  ]

  /// The first `ctags` of the PATH; nil without one. Whether it is one that will do shows when it is asked.
  init?(environment: [String: String]) {
    let directories = (environment["PATH"] ?? "").split(separator: ":")
      .filter { $0.hasPrefix("/") }
    let candidates = directories.map { "\($0)/ctags" }
    guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
    executable = found
    self.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
  }

  /// What each file defines, in the order of `files`; nothing for a language that it does not know.
  func definitions(of files: [File]) async throws -> [[FileTags.Definition]] {
    guard !files.isEmpty else { return [] }
    var child = ChildProcess(
      // Neither the user's nor a repository's options: they can run commands.
      executable: executable,
      arguments: ["--options=NONE", "--quiet=yes", "--_interactive=sandbox", "--fields=+n-P"],
      environment: environment, directory: "/")
    for file in files {
      child.input += #"{"command":"generate-tags","filename":""#.utf8
      child.input += Self.harmless(file.name).utf8
      child.input += "\",\"size\":\(file.content.count)}\n".utf8
      child.input += file.content
    }
    child.outputLimit = 64 << 20
    child.timeout = .seconds(30)
    child.endsGroup = true
    let result: ChildResult
    do {
      result = try await child.run()
    } catch {
      throw TaggerProblem.failed("\(error)")
    }
    guard result.status == .exited(0), !result.isTruncated else {
      throw TaggerProblem.failed("it ended with \(result.status)")
    }
    return try Self.read(result.output, count: files.count)
  }

  /// The name with every byte that would need a sign in JSON replaced: only its ending matters, or the name of a well-known file.
  private static func harmless(_ name: String) -> String {
    String(
      name.unicodeScalars.suffix(64).map { scalar in
        scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F
          && !["\"", "\\", "/"].contains(scalar) ? Character(scalar) : "_"
      })
  }

  /// What it is, such as `Universal Ctags 5.9.0`.
  func version() async throws -> String {
    var child = ChildProcess(
      executable: executable, arguments: ["--options=NONE", "--quiet=yes", "--version"],
      environment: environment, directory: "/")
    child.outputLimit = 64 << 10
    child.timeout = .seconds(5)
    let result = try await child.run()
    let first = result.output.split(separator: UInt8(ascii: "\n")).first ?? []
    // The one that cannot be asked for its version is another program of that name.
    guard result.status == .exited(0), first.starts(with: "Universal Ctags".utf8) else {
      throw TaggerProblem.failed("\(executable) is no universal-ctags.")
    }
    return DisplayedBytes.text(of: Array(first.prefix { $0 != UInt8(ascii: ",") }), limit: 60)
  }

  private static func read(_ output: [UInt8], count: Int) throws -> [[FileTags.Definition]] {
    var found: [[FileTags.Definition]] = []
    var current: [FileTags.Definition] = []
    for line in output.split(separator: UInt8(ascii: "\n")) {
      // A name that is no UTF-8 is one tag less.
      guard let value = try? CanonicalJSON.value(of: line) else { continue }
      switch value["_type"]?.stringValue {
      case "completed":
        found.append(current)
        current = []
      case "tag":
        // Of what has a value the value would go along.
        if value["kind"]?.stringValue.map(Self.kinds.contains) == true,
          let name = value["name"]?.stringValue, let line = value["line"]?.intValue, line > 0
        {
          current.append(FileTags.Definition(name: name, line: line - 1))
        }
      // A warning is about one name, and the file goes on.
      case "error" where value["warning"]?.boolValue == true: continue
      case "error":
        throw TaggerProblem.failed(
          DisplayedBytes.text(
            of: Array((value["message"]?.stringValue ?? "no reason").utf8), limit: 200))
      default: continue
      }
    }
    guard found.count == count else {
      throw TaggerProblem.failed("it told of \(found.count) files where there were \(count)")
    }
    return found
  }
}
