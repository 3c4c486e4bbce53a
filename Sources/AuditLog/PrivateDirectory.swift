// Directories that only we can look into.

import Glibc

/// Directories of mode 0700 that belong to us and are no symbolic links.
package enum PrivateDirectory {
  /// Makes sure that `path` is a private directory; missing parents are made private as well.
  ///
  /// Wider permissions on the directory itself are narrowed. Parents that exist are left as they
  /// are. A directory made here is on the disk when this returns.
  ///
  /// - Throws: when something else has that name, or the directory belongs to another user.
  package static func ensure(_ path: [UInt8], calls: FileSystemCalls = .system)
    throws(FileError)
  {
    guard path.first == slash else { throw FileError("use the directory", path, .notAbsolute) }
    try create(path, calls: calls)
    let status = try lstat(path, calls: calls)
    guard status.kind != .symlink else { throw FileError("use the directory", path, .isSymlink) }
    guard status.kind == .directory else {
      throw FileError("use the directory", path, .notADirectory)
    }
    let directory = try OpenFile(
      "open the directory", path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, calls: calls)
    let opened = try directory.status()
    guard opened.owner == geteuid() else {
      throw FileError("use the directory", path, .foreignOwner(opened.owner))
    }
    try directory.restrict(to: 0o700, from: opened)
  }

  private static let slash = UInt8(ascii: "/")

  private static func create(_ path: [UInt8], calls: FileSystemCalls) throws(FileError) {
    do throws(FileError) {
      _ = try lstat(path, calls: calls)
      return
    } catch {
      guard error.reason == .system(SystemCallFailure(code: ENOENT)) else { throw error }
    }
    let parent = parent(of: path)
    try create(parent, calls: calls)
    do throws(FileError) {
      try calls.attempt("create the directory", path) { () throws(SystemCallFailure) in
        try calls.mkdir(path, 0o700)
      }
    } catch {
      // Another process may have been quicker; what it made is examined by the caller.
      guard error.reason == .system(SystemCallFailure(code: EEXIST)) else { throw error }
    }
    try OpenFile("open the directory", parent, flags: O_RDONLY | O_DIRECTORY, calls: calls).sync()
  }

  private static func lstat(_ path: [UInt8], calls: FileSystemCalls) throws(FileError)
    -> FileStatus
  {
    try calls.attempt("examine", path) { () throws(SystemCallFailure) in try calls.lstat(path) }
  }

  /// Returns `path` without its last component; the root for the root.
  private static func parent(of path: [UInt8]) -> [UInt8] {
    var parent = path[...]
    while parent.count > 1, parent.last == slash { parent.removeLast() }
    while let last = parent.last, last != slash { parent.removeLast() }
    while parent.count > 1, parent.last == slash { parent.removeLast() }
    return Array(parent)
  }
}
