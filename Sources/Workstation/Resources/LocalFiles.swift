// Reading files and directories that belong to the program or that the user named.

package import AuditLog
import Glibc

/// Whole-file reading without Foundation.
package enum LocalFiles {
  /// Returns the content of `path`. O(bytes).
  package static func read(_ path: String) throws(FileError) -> [UInt8] {
    try OpenFile("read", Array(path.utf8), flags: O_RDONLY, calls: .system).readToEnd()
  }

  /// Returns the last `byteCount` bytes of `path`, all of it where it is shorter. O(byteCount).
  package static func end(of path: String, byteCount: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    func failure(_ attempt: String) -> FileError {
      FileError(attempt, Array(path.utf8), .system(SystemCallFailure(code: errno)))
    }
    guard descriptor >= 0 else { throw failure("read") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("examine") }
    let start = max(0, Int(status.st_size) - byteCount)
    var bytes = [UInt8](repeating: 0, count: min(byteCount, Int(status.st_size)))
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(start + count))
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw failure("read") }
      // It was shortened meanwhile.
      guard got > 0 else { break }
      count += got
    }
    return Array(bytes[..<count])
  }

  /// What a directory's entry is, as far as the directory itself says.
  enum EntryKind { case directory, socketOrPipe, other }

  /// The entries of a directory in no order, without `.` and `..`; nil when it cannot be listed.
  static func entries(in directory: String) -> [(name: String, kind: EntryKind)]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var entries: [(String, EntryKind)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      let kind: EntryKind =
        switch Int(entry.pointee.d_type) {
        case Int(DT_DIR): .directory
        case Int(DT_SOCK), Int(DT_FIFO): .socketOrPipe
        default: .other
        }
      entries.append((name, kind))
    }
    return entries
  }

  /// The names in a directory, sorted bytewise, without `.` and `..`; nil when it cannot be listed.
  package static func names(in directory: String) -> [String]? {
    entries(in: directory)?.map(\.name)
      .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// All files below `directory`, as paths relative to it, sorted.
  package static func files(below directory: String) -> [String] {
    var result: [String] = []
    var rest = [""]
    while let prefix = rest.popLast() {
      for name in names(in: "\(directory)/\(prefix)") ?? [] {
        if isDirectory("\(directory)/\(prefix)\(name)") {
          rest.append("\(prefix)\(name)/")
        } else {
          result.append("\(prefix)\(name)")
        }
      }
    }
    return result.sorted()
  }
}

/// The system's words for an error number.
package enum SystemMessage {
  package static func of(_ code: Int32) -> String {
    guard let words = strerror(code) else { return "error \(code)" }
    return String(cString: words)
  }
}

/// Where the program's own files are: themes and the demo.
package enum InstalledFiles {
  /// Finds `name` (`themes` or `demo`) beside the installed program, else in the checkout the program was built in.
  ///
  /// Installed: `<prefix>/bin/countersign` and `<prefix>/share/countersign/<name>`. In a checkout: `Themes` and `Fixtures/demo` in a
  /// directory above the program.
  package static func directory(_ name: String) -> String? {
    guard let program = executablePath() else { return nil }
    let checkoutName = name == "themes" ? "Themes" : "Fixtures/\(name)"
    var directory = parent(of: program)
    let installed = "\(parent(of: directory))/share/countersign/\(name)"
    if LocalFiles.isDirectory(installed) { return installed }
    while directory != "/", !directory.isEmpty {
      let candidate = "\(directory)/\(checkoutName)"
      if LocalFiles.isDirectory(candidate), access("\(directory)/Package.swift", R_OK) == 0 {
        return candidate
      }
      directory = parent(of: directory)
    }
    return nil
  }

  /// The absolute path of the running program.
  package static func executablePath() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map {
        readlink("/proc/self/exe", $0.assumingMemoryBound(to: CChar.self), bytes.count)
      } ?? -1
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
