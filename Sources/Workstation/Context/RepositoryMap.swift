// The map of a repository around some files: what others define that they use, within a budget.

import Approval
import AuditLog
import Diffing
import GitStore
import ModelClient
import Review

/// Finds what is near to files, by the definitions that universal-ctags sees.
struct RepositoryMap: Sendable {
  let repository: Repository
  let tagger: Tagger

  /// Files above are passed over: they are data more often than source.
  private static let mostBytesOfFile = 256 << 10
  /// The nearest by their directories are looked at, where there are more.
  private static let mostFiles = 4_000
  /// Small, so that a look that is cut off loses little.
  private static let mostBytesAtOnce = 1 << 20
  /// Of the prompt, when the budget allows that; models lose the thread in longer ones.
  static let tokens = 1_024

  init?(repository: Repository, environment: [String: String]) {
    guard let tagger = Tagger(environment: environment) else { return nil }
    self.repository = repository
    self.tagger = tagger
  }

  /// The map around files of the last commit, as it would go along with a request.
  static func text(around files: [RepositoryPath], _ surroundings: Surroundings) async throws
    -> ContextMap
  {
    guard
      let map = RepositoryMap(
        repository: surroundings.repository, environment: surroundings.environment)
    else { throw TaggerProblem.missing }
    guard let tip = try await surroundings.repository.head().tip else {
      return ContextMap(commit: nil, files: files, parts: [])
    }
    return try await map.text(around: files, in: tip)
  }

  /// The graph of the files of a tree around `chosen`. Looks through contents that were never looked through before: seconds in a large
  /// repository, the first time.
  func graph(
    around chosen: [RepositoryPath], _ listing: [RepositoryPath: FileState]
  ) async throws -> FileGraph {
    var cache = TagCache(of: repository)
    let paths = Self.nearest(listing, to: chosen)
    var missing: [(blob: ObjectID, file: Tagger.File)] = []
    var byteCount = 0
    var seen: Set<ObjectID> = []
    // No text: without names, and looked at once.
    var others: [ObjectID] = []
    func look() async throws {
      let found = try await tagger.definitions(of: missing.map(\.file))
      var new: [ObjectID: FileTags] = [:]
      for blob in others { new[blob] = FileTags(definitions: [], mentioned: []) }
      for (item, definitions) in zip(missing, found) {
        new[item.blob] = FileTags(item.file.content, defining: definitions)
      }
      cache.add(new)
      missing = []
      others = []
      byteCount = 0
    }
    for path in paths {
      try Task.checkCancellation()
      guard let blob = listing[path]?.blob, cache.tags[blob] == nil, seen.insert(blob).inserted
      else { continue }
      let ending = path.name.lastIndex(of: UInt8(ascii: ".")).map { path.name[($0 + 1)...] }
      if let ending, Tagger.noSource.contains(String(decoding: ending, as: UTF8.self).lowercased())
      {
        others.append(blob)
        continue
      }
      guard try await repository.blobSize(blob) <= Self.mostBytesOfFile else { continue }
      let content = try await repository.blob(blob)
      guard !content.contains(0), String(validating: content, as: UTF8.self) != nil else {
        others.append(blob)
        continue
      }
      missing.append(
        (blob, Tagger.File(name: String(decoding: path.name, as: UTF8.self), content: content)))
      byteCount += content.count
      if byteCount >= Self.mostBytesAtOnce { try await look() }
    }
    try await look()
    var files: [RepositoryPath: FileTags] = [:]
    for path in paths { files[path] = listing[path].flatMap { cache.tags[$0.blob] } }
    return FileGraph(files)
  }

  /// All files, or those that have most directories in common with one of `chosen`.
  private static func nearest(
    _ listing: [RepositoryPath: FileState], to chosen: [RepositoryPath]
  ) -> [RepositoryPath] {
    let paths = listing.filter { $0.value.mode.isFile }.keys.sorted()
    guard paths.count > mostFiles else { return paths }
    let directories = chosen.map { $0.bytes.split(separator: UInt8(ascii: "/")).dropLast() }
    let ranked = paths.map { path -> (RepositoryPath, Int) in
      let own = path.bytes.split(separator: UInt8(ascii: "/"))
      let common = directories.map { zip($0, own).prefix { $0.elementsEqual($1) }.count }
      return (path, common.max() ?? 0)
    }
    return ranked.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(mostFiles).map(\.0).sorted()
  }

  /// The lines on which files that do not go along define what the chosen ones use, the likeliest of them within `tokens`; empty when there
  /// is nothing to tell.
  ///
  /// The same for the same files of the same tree, whatever is asked, so that the server's cache of the prompt holds.
  func text(
    around chosen: [RepositoryPath], in commit: ObjectID, tokens: Int = Self.tokens
  ) async throws -> ContextMap {
    let listing = try await repository.treeListing(of: repository.commitContent(commit).tree)
    let graph = try await graph(around: chosen, listing)
    let estimator = TokenEstimator()
    var left = tokens - 64
    var lines: [RepositoryPath: [Int: [UInt8]]] = [:]
    var contents: [RepositoryPath: TextFile] = [:]
    for definition in try graph.definitions(near: Set(chosen)) {
      // What cannot stand on a line of the prompt is left out.
      guard let blob = listing[definition.path]?.blob, Self.isLine(definition.path.bytes[...])
      else { continue }
      if contents[definition.path] == nil {
        contents[definition.path] = TextFile(try await repository.blob(blob))
      }
      guard let file = contents[definition.path], definition.line < file.lineCount,
        lines[definition.path]?[definition.line] == nil
      else { continue }
      let line = Self.trimmed(Self.withoutValues(Array(file.lineContent(definition.line)))[...])
      guard !line.isEmpty, Self.isLine(line[...]) else { continue }
      let heading = lines[definition.path] == nil ? definition.path.bytes.count + 2 : 0
      let cost = estimator.tokens(inBytes: line.count + 3 + heading)
      guard cost <= left else { break }
      left -= cost
      lines[definition.path, default: [:]][definition.line] = line
    }
    return ContextMap(
      commit: commit, files: chosen.sorted(),
      parts: lines.sorted { $0.key < $1.key }.map { path, lines in
        ContextMap.Part(path: path, lines: lines.sorted { $0.key < $1.key }.map(\.value))
      })
  }

  /// The line without what it holds: nothing between quotes, and nothing after an `=` up to the next parameter.
  ///
  /// What a default value or a constant says is nobody's business. Where a quote does not end on the line, the line ends with it.
  static func withoutValues(_ line: [UInt8]) -> [UInt8] {
    let quotes: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")]
    let ends: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: ")"), UInt8(ascii: "{")]
    let comparing: Set<UInt8> = Set("=<>!".utf8)
    let ellipsis = Array("…".utf8)
    var result: [UInt8] = []
    var index = 0
    while index < line.count {
      let byte = line[index]
      result.append(byte)
      index += 1
      if quotes.contains(byte) {
        var end = index
        while end < line.count, line[end] != byte {
          end += line[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < line.count else { return result + ellipsis }
        if end > index { result += ellipsis }
        result.append(byte)
        index = end + 1
      } else if byte == UInt8(ascii: "="),
        !(index < line.count && comparing.contains(line[index])),
        !(index >= 2 && comparing.contains(line[index - 2]))
      {
        let end = line[index...].firstIndex { ends.contains($0) } ?? line.count
        if line[index..<end].contains(where: { $0 > 0x20 }) { result += ellipsis }
        index = end
      }
    }
    return result
  }

  private static func isLine(_ text: ArraySlice<UInt8>) -> Bool {
    !text.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
      && String(validating: text, as: UTF8.self) != nil
  }

  private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
    var line = line.drop { blanks.contains($0) }.prefix(160)
    while let last = line.last, blanks.contains(last) { line = line.dropLast() }
    // Not cut within a letter.
    while String(validating: line, as: UTF8.self) == nil, !line.isEmpty { line = line.dropLast() }
    return Array(line)
  }
}
