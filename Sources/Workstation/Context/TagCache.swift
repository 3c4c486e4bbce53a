// What files define, kept by the name of their content.

import Approval
import AuditLog
import GitStore
import Glibc

/// Tags by blob, in one file of the repository's own directory: a content is looked through once, whatever branch it is on.
///
/// A convenience: what cannot be read is looked through again, and what cannot be written is not kept.
struct TagCache: Sendable {
  private(set) var tags: [ObjectID: FileTags] = [:]
  private let path: [UInt8]
  /// Whether the file has to be begun anew.
  private var isForeign = true

  private static let heading = Array("countersign tags 2\n".utf8)
  /// Of more contents than this the file is begun anew.
  private static let mostBlobs = 40_000
  private static let mostBytes = 64 << 20

  /// Reads what is kept for the repository. O(what is kept).
  init(of repository: Repository) {
    path = Array("\(repository.commonDirectory)/countersign/tags".utf8)
    guard
      let file = try? OpenFile(
        "read", path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, calls: .system),
      let status = try? file.status(), status.kind == .regular, status.byteCount <= Self.mostBytes,
      let content = try? file.readToEnd(), content.starts(with: Self.heading)
    else { return }
    for line in content.dropFirst(Self.heading.count).split(separator: UInt8(ascii: "\n")) {
      guard let (blob, tags) = Self.read(line) else { continue }
      self.tags[blob] = tags
    }
    isForeign = tags.count > Self.mostBlobs
    if isForeign { tags = [:] }
  }

  /// Keeps the tags of other contents too.
  mutating func add(_ new: [ObjectID: FileTags]) {
    guard !new.isEmpty else { return }
    tags.merge(new) { _, last in last }
    do {
      try keep(new)
    } catch {
      // A full disk, a checkout that is only read: the next program looks through them again.
    }
  }

  private mutating func keep(_ new: [ObjectID: FileTags]) throws(FileError) {
    try PrivateDirectory.ensure(Array(path.dropLast("/tags".utf8.count)))
    let file = try OpenFile(
      "write", path,
      flags: O_WRONLY | O_CREAT | O_NOFOLLOW | O_APPEND | (isForeign ? O_TRUNC : 0), mode: 0o600,
      calls: .system)
    let lines = new.flatMap { blob, tags in Self.line(blob, tags) }
    try file.write((isForeign ? Self.heading : []) + lines)
    isForeign = false
  }

  /// Blob, definitions as `name:line`, and mentioned names, with tabs between the three.
  private static func line(_ blob: ObjectID, _ tags: FileTags) -> [UInt8] {
    let definitions = tags.definitions.map { "\($0.name):\($0.line)" }.joined(separator: " ")
    return Array("\(blob.hex)\t\(definitions)\t\(tags.mentioned.joined(separator: " "))\n".utf8)
  }

  private static func read(_ line: ArraySlice<UInt8>) -> (ObjectID, FileTags)? {
    guard let text = String(validating: line, as: UTF8.self) else { return nil }
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false)
    guard parts.count == 3, let blob = ObjectID(hex: String(parts[0])) else { return nil }
    var definitions: [FileTags.Definition] = []
    for item in parts[1].split(separator: " ") {
      guard let colon = item.lastIndex(of: ":"), let line = Int(item[item.index(after: colon)...]),
        line >= 0
      else { return nil }
      definitions.append(FileTags.Definition(name: String(item[..<colon]), line: line))
    }
    return (
      blob,
      FileTags(definitions: definitions, mentioned: parts[2].split(separator: " ").map(String.init))
    )
  }
}
