// The languages the lexer knows, and telling them from a path, a first line or a name.

package enum Language: UInt8, CaseIterable, Sendable {
  case swift, c, cpp, objectiveC, rust, go, java, kotlin, csharp, javascript, typescript, python
  case ruby
  /// HTML with PHP in it.
  case php
  /// PHP alone, without its opening tag.
  case phpCode
  case shell, sql, html, xml, css, scss, json, yaml, toml, ini, markdown, dockerfile, makefile
  case lua, perl, zig, scala, haskell, diff, cmake, ocaml, elixir, r, protobuf

  /// The language of a file, told from its name, else from its first line.
  ///
  /// `path` is the file's path with `/` between its parts; `firstLine` may have its terminator. A
  /// mode line (`-*- C++ -*-`) in the first line wins over the name.
  package static func of(
    path: some BidirectionalCollection<UInt8>, firstLine: ArraySlice<UInt8> = []
  ) -> Language? {
    let head = firstLine.prefix(256)
    if let mode = modeLine(head), let language = names[mode] { return language }
    let name = Array(path.suffix(while: { $0 != "/" }).map(\.lowerCased))
    if let language = fileNames[name] { return language }
    let stem = name.prefix { $0 != "." && $0 != "-" && $0 != "_" }
    let isDockerfile = fileNames[Array(stem)] == .dockerfile
    if let dot = name.lastIndex(where: { $0 == "." }) {
      let ending = Array(name[(dot + 1)...])
      // Dockerfile.env is no INI file.
      if let language = endings[ending], !isDockerfile || language != .ini { return language }
      if let language = weakEndings[ending] {
        return interpreter(head).flatMap { interpreters[$0] } ?? language
      }
      // Dockerfile.alpine, Makefile.inc
      if let language = fileNames[Array(name[..<(name.firstIndex { $0 == "." } ?? dot)])] {
        return language
      }
    }
    // Dockerfile-3
    if isDockerfile { return .dockerfile }
    if let program = interpreter(head) { return interpreters[program] }
    return head.starts(with: "<?xml".utf8) ? .xml : nil
  }

  /// The language that goes by `name`, as after the fence of a Markdown code block.
  package static func named(_ name: some Collection<UInt8>) -> Language? {
    let name = name.map(\.lowerCased)
    return names[name] ?? endings[name]
  }

  /// The grammar table of the language.
  var grammar: Grammar {
    switch self {
    case .swift: .swift
    case .c: .c
    case .cpp: .cpp
    case .objectiveC: .objectiveC
    case .rust: .rust
    case .go: .go
    case .java: .java
    case .kotlin: .kotlin
    case .csharp: .csharp
    case .javascript: .javascript
    case .typescript: .typescript
    case .python: .python
    case .ruby: .ruby
    case .php: .php
    case .phpCode: .phpCode
    case .shell: .shell
    case .sql: .sql
    case .html: .html
    case .xml: .xml
    case .css: .css
    case .scss: .scss
    case .json: .json
    case .yaml: .yaml
    case .toml: .toml
    case .ini: .ini
    case .markdown: .markdown
    case .dockerfile: .dockerfile
    case .makefile: .makefile
    case .lua: .lua
    case .perl: .perl
    case .zig: .zig
    case .scala: .scala
    case .haskell: .haskell
    case .diff: .diff
    case .cmake: .cmake
    case .ocaml: .ocaml
    case .elixir: .elixir
    case .r: .r
    case .protobuf: .protobuf
    }
  }

  private static let names = table(\.names)
  /// Makes everything that the first file's colours need; takes some two milliseconds, once, on whatever thread has them.
  package static func prepare() {
    _ = endings
    _ = fileNames
    CompiledGrammar.compileAll()
  }

  private static let endings = table(\.endings)
  private static let weakEndings = table(\.weakEndings)
  private static let fileNames = table(\.fileNames)
  private static let interpreters = table(\.interpreters)

  private static func table(_ list: (Grammar) -> String) -> [[UInt8]: Language] {
    var table: [[UInt8]: Language] = [:]
    for language in allCases {
      for word in list(language.grammar).utf8.split(separator: 0x20) {
        table[Array(word)] = language
      }
    }
    return table
  }

  /// The program a `#!` line runs, without its directories and its version.
  private static func interpreter(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.starts(with: "#!".utf8) else { return nil }
    let words = line.dropFirst(2).split { $0.isBlank || $0 == "\n" || $0 == "\r" }
    let programs = words.map { Array($0.suffix(while: { $0 != "/" })) }
    let program = programs.first { word in
      !word.elementsEqual("env".utf8) && word.first != UInt8(ascii: "-")
        && !word.contains(UInt8(ascii: "="))
    }
    return program.map { name in
      name.prefix { !$0.isDigit && $0 != "." }.map(\.lowerCased)
    }
  }

  /// The mode between `-*-` and `-*-`, in lower case.
  private static func modeLine(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    let mark = Array("-*-".utf8)
    guard let open = line.firstRange(of: mark) else { return nil }
    let rest = line[open.upperBound...]
    guard let close = rest.firstRange(of: mark) else { return nil }
    var mode = rest[..<close.lowerBound].map(\.lowerCased)
    if let key = mode.firstRange(of: Array("mode:".utf8)) { mode.removeSubrange(..<key.upperBound) }
    return Array(mode.prefix { $0 != ";" }.drop(while: \.isBlank).prefix { !$0.isBlank })
  }
}

extension BidirectionalCollection {
  /// The longest end of the collection whose elements all satisfy `predicate`.
  fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex {
      let before = index(before: start)
      guard predicate(self[before]) else { break }
      start = before
    }
    return self[start...]
  }
}
