// Reads files that decide what runs and what may be connected to.

package import AuditLog
import Glibc

/// Files that only the user or root can have written.
package enum TrustedFile {
  /// No settings are larger than this.
  package static let byteLimit = 1 << 20

  /// Returns the content of `path`, or nil when there is no such file. Symbolic links are followed,
  /// since settings are often kept elsewhere and linked; what counts is the file at the end.
  ///
  /// - Throws: when it is not a regular file, belongs to neither us nor root, may be written by
  ///   everyone, or exceeds `byteLimit`.
  package static func content(of path: [UInt8], calls: FileSystemCalls = .system)
    throws(FileError) -> [UInt8]?
  {
    do throws(FileError) {
      // Without O_NONBLOCK a named pipe would block the start.
      let file = try OpenFile("read", path, flags: O_RDONLY | O_NONBLOCK, calls: calls)
      let status = try file.status()
      if let reason = objection(to: status) { throw FileError("use", path, reason) }
      return try file.readToEnd()
    } catch {
      guard error.reason == .system(SystemCallFailure(code: ENOENT)) else { throw error }
      return nil
    }
  }

  private static func objection(to status: FileStatus) -> FileError.Reason? {
    guard status.kind == .regular else { return .notARegularFile }
    guard status.owner == geteuid() || status.owner == 0 else {
      return .foreignOwner(status.owner)
    }
    guard status.permissions & 0o002 == 0 else { return .writableByEveryone }
    guard status.byteCount <= byteLimit else { return .tooLarge(limit: byteLimit) }
    return nil
  }
}
