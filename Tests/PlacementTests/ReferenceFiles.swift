// What blocks about files as wholes do, kept in plain dictionaries.

import Placement

/// One thing that an answer asks for, with the path it names.
struct FileRequest {
  enum Kind {
    case create([[UInt8]])
    case whole([[UInt8]])
    case delete
    case move(to: String)
    /// Line `number` of the file becomes something else.
    case change(number: Int)
  }

  let path: String
  let kind: Kind
}

/// The files of a base, and what became of them, request by request.
struct ReferenceFiles {
  private struct File {
    let oldPath: String
    let lines: [String]
    var changes: [Int: Int] = [:]
    var whole: (lines: [[UInt8]], block: Int)?
    var move: (path: String, block: Int)?
    var deletion: Int?

    var firstChange: Int? { ([whole?.block].compactMap { $0 } + changes.values).min() }
  }

  private var files: [File]
  /// The file that a path means; a moved one has both.
  private var fileIndexes: [String: Int] = [:]
  private var created: [String: (lines: [[UInt8]], block: Int)] = [:]
  private var names: [String]
  /// Unsafe paths and why they are.
  private let violations: [String: PathViolation]

  init(
    offered: [(path: String, lines: [String])], others: [String],
    violations: [String: PathViolation]
  ) {
    files = offered.map { File(oldPath: $0.path, lines: $0.lines) }
    for (index, file) in offered.enumerated() { fileIndexes[file.path] = index }
    names = offered.map(\.path) + others
    self.violations = violations
  }

  static func replacement(block: Int) -> String { "changed by \(block)" }

  /// Does what a request asks, or says why not.
  mutating func take(_ request: FileRequest, block: Int) -> PlacementRefusal? {
    if let violation = violations[request.path] { return .pathUnsafe(violation) }
    switch request.kind {
    case .create(let lines): return create(request.path, lines, block)
    case .whole(let lines):
      return has(request.path)
        ? rewrite(request.path, lines, block) : create(request.path, lines, block)
    case .delete: return delete(request.path, block)
    case .move(let target): return move(request.path, to: target, block)
    case .change(let number):
      return edit(request.path) { file in
        if let earlier = file.changes[number] { return .overlaps(blockIndex: earlier) }
        file.changes[number] = block
        return nil
      }
    }
  }

  // Strings are equal when they look equal, so paths are compared as bytes.
  private func has(_ path: String) -> Bool { names.contains { $0.utf8.elementsEqual(path.utf8) } }

  private func index(_ path: String) -> Int? {
    fileIndexes.first { $0.key.utf8.elementsEqual(path.utf8) }?.value
  }

  private mutating func edit(
    _ path: String, _ change: (inout File) -> PlacementRefusal?
  ) -> PlacementRefusal? {
    if let refusal = unavailable(path) { return refusal }
    guard let index = index(path) else { return .fileAbsent }
    if let whole = files[index].whole { return .overlaps(blockIndex: whole.block) }
    return change(&files[index])
  }

  private func unavailable(_ path: String) -> PlacementRefusal? {
    if let index = index(path) {
      return files[index].deletion.map { .overlaps(blockIndex: $0) }
    }
    if let creation = created[path] { return .overlaps(blockIndex: creation.block) }
    return has(path) ? .pathNotOffered : .fileAbsent
  }

  private mutating func rewrite(_ path: String, _ lines: [[UInt8]], _ block: Int)
    -> PlacementRefusal?
  {
    edit(path) { file in
      if let earlier = file.firstChange { return .overlaps(blockIndex: earlier) }
      if file.lines.map(bytes) == lines { return .noChange }
      file.whole = (lines, block)
      return nil
    }
  }

  private mutating func create(_ path: String, _ lines: [[UInt8]], _ block: Int)
    -> PlacementRefusal?
  {
    if let index = index(path), files[index].lines.isEmpty { return rewrite(path, lines, block) }
    if let refusal = collision(path) { return refusal }
    names.append(path)
    created[path] = (lines, block)
    return nil
  }

  private mutating func delete(_ path: String, _ block: Int) -> PlacementRefusal? {
    if let refusal = unavailable(path) { return refusal }
    guard let index = index(path) else { return .fileAbsent }
    if let earlier = files[index].firstChange ?? files[index].move?.block {
      return .overlaps(blockIndex: earlier)
    }
    files[index].deletion = block
    return nil
  }

  private mutating func move(_ path: String, to target: String, _ block: Int) -> PlacementRefusal? {
    if let violation = violations[target] { return .pathUnsafe(violation) }
    if let refusal = unavailable(path) { return refusal }
    guard let index = index(path) else { return .fileAbsent }
    if let earlier = files[index].move { return .overlaps(blockIndex: earlier.block) }
    if path.utf8.elementsEqual(target.utf8) { return .noChange }
    if let refusal = collision(target) { return refusal }
    names.append(target)
    fileIndexes[target] = index
    files[index].move = (target, block)
    return nil
  }

  // MARK: Names

  private static func folded(_ path: String) -> String {
    String(String.UnicodeScalarView(path.unicodeScalars.filter { $0.value != 0x200B })).lowercased()
  }

  private static func prefixes(_ path: String) -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return (1..<max(1, parts.count)).map { parts.prefix($0).joined(separator: "/") }
  }

  private func collision(_ path: String) -> PlacementRefusal? {
    if has(path) { return .fileExists }
    let directories = names.flatMap(Self.prefixes)
    let isDirectory = { (name: String) in
      directories.contains { $0.utf8.elementsEqual(name.utf8) }
    }
    if isDirectory(path) { return .pathKindConflict(bytes(path)) }
    for name in Self.prefixes(path) {
      if has(name) { return .pathKindConflict(bytes(name)) }
      if !isDirectory(name), let twin = twin(name, directories) {
        return .pathTwin(of: bytes(twin))
      }
    }
    return twin(path, directories).map { .pathTwin(of: bytes($0)) }
  }

  private func twin(_ name: String, _ directories: [String]) -> String? {
    (names + directories).first { Self.folded($0) == Self.folded(name) }
  }

  /// Whether two refusals say the same; of several twins any may be named.
  static func agree(_ left: PlacementRefusal?, _ right: PlacementRefusal?) -> Bool {
    if case .pathTwin(let one) = left, case .pathTwin(let other) = right {
      return folded(text(one)) == folded(text(other))
    }
    return left == right
  }

  // MARK: Outcome

  /// The changed files by path: what happened, and the content.
  var changes: [[UInt8]: (kind: PlacedFile.Kind, content: String)] {
    var changes: [[UInt8]: (kind: PlacedFile.Kind, content: String)] = [:]
    for file in files {
      var lines = file.whole?.lines.map { text($0) } ?? file.lines
      for (number, block) in file.changes { lines[number] = Self.replacement(block: block) }
      let content = lines.map { $0 + "\n" }.joined()
      if file.deletion != nil {
        changes[bytes(file.oldPath)] = (.deleted, "")
      } else if let move = file.move {
        changes[bytes(move.path)] = (.moved(from: bytes(file.oldPath)), content)
      } else if file.firstChange != nil {
        changes[bytes(file.oldPath)] = (.modified, content)
      }
    }
    for (path, creation) in created {
      changes[bytes(path)] = (.created, creation.lines.map { text($0) + "\n" }.joined())
    }
    return changes
  }
}
