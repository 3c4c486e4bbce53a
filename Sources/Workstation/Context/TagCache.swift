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

  private static let heading = Array("countersign tags 2\n".utf8)
  /// Of more contents than this the file is begun anew.
  private static let mostBlobs = 40_000
  private static let mostBytes = 64 << 20

  /// Reads what is kept for the repository: a file of ours that nothing else is linked to. O(what is kept).
  init(of repository: Repository) {
    path = Array("\(repository.commonDirectory)/countersign/tags".utf8)
    guard
      let file = try? OpenFile(
        "read", path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, calls: .system),
      let status = try? file.status(), status.kind == .regular, status.owner == geteuid(),
      status.linkCount == 1, status.byteCount <= Self.mostBytes,
      let content = try? file.readToEnd(), content.starts(with: Self.heading),
      content.last == UInt8(ascii: "\n")
    else { return }
    for line in content.dropFirst(Self.heading.count).split(separator: UInt8(ascii: "\n")) {
      guard let (blob, tags) = Self.read(line) else { continue }
      self.tags[blob] = tags
    }
    if tags.count > Self.mostBlobs { tags = [:] }
  }

  /// Keeps the tags of other contents too.
  mutating func add(_ new: [ObjectID: FileTags]) {
    guard !new.isEmpty else { return }
    tags.merge(new) { _, last in last }
    do {
      try keep()
    } catch {
      // A full disk, a checkout that is only read: the next program looks through them again.
    }
  }

  /// Puts a new file in the place of whatever has the name: nothing that is there is written to.
  private func keep() throws(FileError) {
    try PrivateDirectory.ensure(Array(path.dropLast("/tags".utf8.count)))
    // Proposals and the map are made at the same time.
    let fresh = path + Array(".\(getpid()).\(UInt32.random(in: .min ... .max))".utf8)
    let file = try OpenFile(
      "write", fresh, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, calls: .system)
    do throws(FileError) {
      let lines = tags.sorted { $0.key.hex < $1.key.hex }.flatMap { Self.line($0, $1) }
      try file.write(Self.heading + lines)
      guard rename(Self.terminated(fresh), Self.terminated(path)) == 0 else {
        throw FileError("replace", path, .system(SystemCallFailure(code: errno)))
      }
    } catch {
      unlink(Self.terminated(fresh))
      throw error
    }
  }

  private static func terminated(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
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
