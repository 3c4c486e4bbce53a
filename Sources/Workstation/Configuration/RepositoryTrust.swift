// The settings file of one repository, and which content of it the user has trusted.

package import AuditLog
import Digest
import Glibc

package struct RepositoryTrust: Sendable {
  /// Where the file is, or would be.
  package let path: [UInt8]
  /// Holds the SHA-256 of the content that is trusted. There is one such file for each repository that has anything trusted.
  private let mark: [UInt8]
  private let directory: [UInt8]

  private static let byteLimit = 1 << 16

  package init(locations: StateLocations, workDirectory: [UInt8], gitCommonDirectory: [UInt8]) {
    path = workDirectory + Array("/\(RepositorySettings.fileName)".utf8)
    directory = locations.trust
    mark = directory + Array("/\(SHA256Digest.of(gitCommonDirectory).hex)".utf8)
  }

  /// The bytes of the settings file; nil when there is none.
  ///
  /// - Throws: when it is no regular file, cannot be read, or exceeds 64 KiB.
  package func content() throws(FileError) -> [UInt8]? { try Self.bytes(of: path) }

  /// Whether there are settings, and whether they count.
  package func standing() -> RepositorySettingsStanding {
    do {
      guard let content = try content() else { return .absent }
      let settings = try RepositorySettings.parse(content, path: path)
      guard let trusted = try trusted() else { return .untrusted(settings, isChanged: false) }
      return trusted == SHA256Digest.of(content)
        ? .trusted(settings) : .untrusted(settings, isChanged: true)
    } catch {
      return .unusable("\(error)")
    }
  }

  /// Makes exactly this content count from the next start on, and no other of this repository's.
  package func trust(_ content: [UInt8]) throws(FileError) {
    try PrivateDirectory.ensure(directory)
    let file = try OpenFile(
      "write", mark, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600,
      calls: .system)
    try file.write(Array(SHA256Digest.of(content).hex.utf8))
    try file.sync()
  }

  /// Makes nothing of this repository's count. Returns whether anything did.
  package func revoke() throws(FileError) -> Bool {
    if unlink(String(decoding: mark, as: UTF8.self)) == 0 { return true }
    guard errno == ENOENT else {
      throw FileError("remove", mark, .system(SystemCallFailure(code: errno)))
    }
    return false
  }

  /// The digest that was written last; a torn one is none that any content has.
  private func trusted() throws(FileError) -> SHA256Digest? {
    guard let bytes = try Self.bytes(of: mark) else { return nil }
    return SHA256Digest(hex: String(decoding: bytes, as: UTF8.self)) ?? SHA256Digest.of([])
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
