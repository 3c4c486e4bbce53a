// The settings file of one repository, and what of it the user has trusted.

package import AuditLog
import Digest
import Glibc

package struct RepositoryTrust: Sendable {
  /// Where the file is, or would be.
  package let path: [UInt8]
  /// Holds the content that was trusted, of all checkouts of one repository.
  private let kept: [UInt8]
  private let directory: [UInt8]

  private static let byteLimit = 1 << 16

  package init(locations: StateLocations, workDirectory: [UInt8], gitCommonDirectory: [UInt8]) {
    path = workDirectory + Array("/\(RepositorySettings.fileName)".utf8)
    directory = locations.trust
    kept = directory + Array("/\(SHA256Digest.of(gitCommonDirectory).hex).toml".utf8)
  }

  /// The bytes of the settings file; nil when there is none.
  ///
  /// - Throws: when it is no regular file, cannot be read, or exceeds 64 KiB.
  package func content() throws(FileError) -> [UInt8]? { try Self.bytes(of: path) }

  /// The bytes that were trusted; nil when none were.
  package func trusted() throws(FileError) -> [UInt8]? { try Self.bytes(of: kept) }

  /// Whether there are settings, and which of them count.
  package func standing() -> RepositorySettingsStanding {
    do {
      guard let trusted = try trusted() else {
        guard let content = try content() else { return .absent }
        _ = try RepositorySettings.parse(content, path: path)
        return .untrusted
      }
      let settings = try RepositorySettings.parse(trusted, path: kept)
      // A file that cannot be read is another one than was trusted.
      let content: [UInt8]?
      do throws(FileError) { content = try self.content() } catch {
        return .superseded(settings, isGone: false)
      }
      return content == trusted
        ? .trusted(settings) : .superseded(settings, isGone: content == nil)
    } catch {
      return .unusable("\(error)")
    }
  }

  /// Makes exactly this content count from the next start on, and no other of this repository's.
  package func trust(_ content: [UInt8]) throws(FileError) {
    try PrivateDirectory.ensure(directory)
    let fresh = kept + Array(".new".utf8)
    do {
      let file = try OpenFile(
        "write", fresh, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(content)
      try file.sync()
    }
    // In one step: what counts is the old content or the new one.
    guard rename(Self.cString(fresh), Self.cString(kept)) == 0 else {
      throw FileError("write", kept, .system(SystemCallFailure(code: errno)))
    }
    try OpenFile(
      "open the directory", directory, flags: O_RDONLY | O_DIRECTORY, calls: .system
    ).sync()
  }

  /// Makes nothing of this repository's count. Returns whether anything did.
  package func revoke() throws(FileError) -> Bool {
    if unlink(Self.cString(kept)) == 0 { return true }
    guard errno == ENOENT else {
      throw FileError("remove", kept, .system(SystemCallFailure(code: errno)))
    }
    return false
  }

  private static func cString(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
  }

  private static func bytes(of path: [UInt8]) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      let file = try OpenFile(
        "read", path, flags: O_RDONLY | O_NONBLOCK | O_NOFOLLOW, calls: .system)
      let status = try file.status()
      guard status.kind == .regular else { throw FileError("use", path, .notARegularFile) }
      guard status.byteCount <= byteLimit else {
        throw FileError("use", path, .tooLarge(limit: byteLimit))
      }
      return try file.readToEnd()
    } catch {
      guard error.reason == .system(SystemCallFailure(code: ENOENT)) else { throw error }
      return nil
    }
  }
}
