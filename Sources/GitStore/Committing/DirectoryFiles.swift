// Small files and directories of our own: written whole and synced, removed whole.

import Glibc

/// Writes `content` under a temporary name, syncs it, gives it its name and syncs the directory.
func writeDurably(_ content: [UInt8], to path: String) throws(GitError) {
  let temporary = path + ".new"
  let descriptor = open(
    temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
  guard descriptor >= 0 else {
    throw .system(attempt: "make", path: temporary, code: errno)
  }
  let file = OwnedDescriptor(descriptor)
  var rest = content[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(file.raw, $0.baseAddress, $0.count) }
    if count < 0, errno != EINTR { throw .system(attempt: "write", path: temporary, code: errno) }
    rest = rest.dropFirst(max(0, count))
  }
  guard fsync(file.raw) == 0 else {
    throw .system(attempt: "sync", path: temporary, code: errno)
  }
  guard rename(temporary, path) == 0 else {
    throw .system(attempt: "rename to", path: path, code: errno)
  }
  try syncDirectory(of: path)
}

/// Removes a file durably; an absent one is no error.
func removeDurably(_ path: String) throws(GitError) {
  guard unlink(path) == 0 || errno == ENOENT else {
    throw .system(attempt: "remove", path: path, code: errno)
  }
  try syncDirectory(of: path)
}

/// The content of a file, or nil when it does not exist.
func readFile(_ path: String) throws(GitError) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT { return nil }
    throw .system(attempt: "read", path: path, code: errno)
  }
  let file = OwnedDescriptor(descriptor)
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(file.raw, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw .system(attempt: "read", path: path, code: errno)
    }
    bytes += buffer[..<count]
  }
}

/// The names in a directory; none when it cannot be read.
func directoryNames(_ path: String) -> [String] {
  guard let stream = opendir(path) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

func makeDirectory(_ path: String) throws(GitError) {
  guard mkdir(path, 0o700) == 0 else {
    throw .system(attempt: "make the directory", path: path, code: errno)
  }
}

/// Removes a directory with all that is in it, however deep; links are removed, never followed. An absent one is no error.
///
/// Directories are moved up to the top before they are emptied, so that depth costs neither stack nor descriptors.
func removeTree(_ path: String) throws(GitError) {
  let parent = parentDirectory(of: path)
  let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT { return }
    throw .system(attempt: "open the directory", path: parent, code: errno)
  }
  let directory = OwnedDescriptor(descriptor)
  let name = (path.split(separator: "/").last.map(String.init) ?? "").utf8CString.map { $0 }
  guard let top = try removeFile(name, in: directory, of: path) else { return }
  var moved = 0
  while true {
    let entries = try entryNames(of: top, path)
    guard !entries.isEmpty else { break }
    for entry in entries {
      guard let inner = try removeFile(entry, in: top, of: path) else { continue }
      for name in try entryNames(of: inner, path) {
        guard try removeFile(name, in: inner, of: path) != nil else { continue }
        while true {
          moved += 1
          if renameat(inner.raw, name, top.raw, ".removing-\(moved)") == 0 { break }
          guard [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) else {
            throw .system(attempt: "move a directory below", path: path, code: errno)
          }
        }
      }
      try removeEmpty(entry, in: top, of: path)
    }
  }
  try removeEmpty(name, in: directory, of: path)
}

/// Removes what is no directory; a directory is opened instead, and made ours to change.
private func removeFile(
  _ name: [CChar], in parent: OwnedDescriptor, of path: String
) throws(GitError) -> OwnedDescriptor? {
  if unlinkat(parent.raw, name, 0) == 0 || errno == ENOENT { return nil }
  guard errno == EISDIR || errno == EPERM else {
    throw .system(attempt: "remove", path: path, code: errno)
  }
  // A directory without write permission would keep its entries.
  _ = fchmodat(parent.raw, name, 0o700, 0)
  let descriptor = openat(parent.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw .system(attempt: "open below", path: path, code: errno)
  }
  return OwnedDescriptor(descriptor)
}

private func removeEmpty(
  _ name: [CChar], in parent: OwnedDescriptor, of path: String
) throws(GitError) {
  guard unlinkat(parent.raw, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
    throw .system(attempt: "remove", path: path, code: errno)
  }
}

private func entryNames(
  of directory: OwnedDescriptor, _ path: String
) throws(GitError) -> [[CChar]] {
  // A descriptor of its own: a duplicate would go on where the last listing ended.
  let copy = openat(directory.raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard copy >= 0, let stream = fdopendir(copy) else {
    throw .system(attempt: "list", path: path, code: errno)
  }
  defer { closedir(stream) }
  var names: [[CChar]] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    }
    if name != [46, 0], name != [46, 46, 0] { names.append(name) }
  }
  return names
}

func parentDirectory(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

private func syncDirectory(of path: String) throws(GitError) {
  let parent = parentDirectory(of: path)
  let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw .system(attempt: "open the directory", path: parent, code: errno)
  }
  let directory = OwnedDescriptor(descriptor)
  guard fsync(directory.raw) == 0 else {
    throw .system(attempt: "sync the directory", path: parent, code: errno)
  }
}
