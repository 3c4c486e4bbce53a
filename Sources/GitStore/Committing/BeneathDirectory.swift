// Files opened beneath one directory, component by component, without following a symbolic link (invariant I11).

import Approval
import Glibc

/// A directory and the chain of directories opened below it last.
///
/// Asking for paths in sorted order opens each directory once.
final class BeneathDirectory {
  private let root: OwnedDescriptor
  private let rootPath: String
  private var chain: [(name: [UInt8], descriptor: OwnedDescriptor)] = []

  init(opening path: String) throws(GitError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .system(attempt: "open the directory", path: path, code: errno)
    }
    root = OwnedDescriptor(descriptor)
    rootPath = path
  }

  /// What stands at a path.
  enum Standing: Hashable {
    case absent
    /// A component on the way is a link or a file.
    case blocked(by: RepositoryPath)
    case present(FileFingerprint)
  }

  func standing(of path: RepositoryPath) throws(GitError) -> Standing {
    let (parents, name) = components(of: path)
    for count in 0..<parents.count {
      let prefix = Array(parents[...count].joined(separator: [UInt8(ascii: "/")]))
      guard let descriptor = try directory(parents[..<count], making: false),
        let status = status(of: parents[count], in: descriptor)
      else { return .absent }
      if status.st_mode & S_IFMT != S_IFDIR { return .blocked(by: RepositoryPath(prefix)) }
    }
    guard let descriptor = try directory(parents[...], making: false),
      let status = status(of: name, in: descriptor)
    else { return .absent }
    return .present(FileFingerprint(status))
  }

  /// The content of a regular file or the target of a link; nil when there is neither.
  func content(of path: RepositoryPath) throws(GitError) -> (mode: FileMode, bytes: [UInt8])? {
    let (parents, name) = components(of: path)
    guard let parent = try directory(parents[...], making: false),
      let status = status(of: name, in: parent)
    else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFLNK: return (.symlink, try linkTarget(of: name, in: parent, path))
    case S_IFREG:
      let descriptor = cString(name) { openat(parent.raw, $0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
      guard descriptor >= 0 else { throw failure("read", path) }
      let file = OwnedDescriptor(descriptor)
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(file.raw, &buffer, buffer.count)
        if count == 0 { break }
        guard count > 0 else {
          if errno == EINTR { continue }
          throw failure("read", path)
        }
        bytes += buffer[..<count]
      }
      return (status.st_mode & 0o100 == 0 ? .regular : .executable, bytes)
    default: return nil
    }
  }

  /// Makes a new file with its directories; an existing one is an error.
  func create(
    _ path: RepositoryPath, mode: FileMode, content: [UInt8]
  ) throws(GitError) -> FileFingerprint {
    let (parents, name) = components(of: path)
    guard let parent = try directory(parents[...], making: true) else {
      throw failure("make the directory of", path)
    }
    switch mode {
    case .symlink:
      let target = content.map { CChar(bitPattern: $0) } + [0]
      let code = cString(name) { symlinkat(target, parent.raw, $0) }
      guard code == 0 else { throw failure("link", path) }
    case .submodule:
      let code = cString(name) { mkdirat(parent.raw, $0, 0o777) }
      guard code == 0 else { throw failure("make the directory", path) }
    case .regular, .executable:
      let permissions: mode_t = mode == .executable ? 0o777 : 0o666
      let descriptor = cString(name) {
        openat(parent.raw, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
      }
      guard descriptor >= 0 else { throw failure("make", path) }
      let file = OwnedDescriptor(descriptor)
      var rest = content[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(file.raw, $0.baseAddress, $0.count) }
        if count < 0, errno != EINTR { throw failure("write", path) }
        rest = rest.dropFirst(max(0, count))
      }
    }
    guard let status = status(of: name, in: parent) else { throw failure("look at", path) }
    return FileFingerprint(status)
  }

  /// Brings a regular file and the directory it is in to the disk; what is not there, or cannot be read, is left alone.
  func sync(_ path: RepositoryPath) throws(GitError) {
    let (parents, name) = components(of: path)
    guard let parent = try directory(parents[...], making: false) else { return }
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let descriptor = cString(name) { openat(parent.raw, $0, flags) }
    if descriptor >= 0 {
      let file = OwnedDescriptor(descriptor)
      // Special files have nothing to sync.
      guard fsync(file.raw) == 0 || errno == EINVAL else { throw failure("sync", path) }
    }
    guard fsync(parent.raw) == 0 else { throw failure("sync the directory of", path) }
  }

  /// Removes a file or link; an absent one is no error.
  func remove(_ path: RepositoryPath) throws(GitError) {
    let (parents, name) = components(of: path)
    guard let parent = try directory(parents[...], making: false) else { return }
    let code = cString(name) { unlinkat(parent.raw, $0, 0) }
    guard code == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  // MARK: Private

  private func components(of path: RepositoryPath) -> (parents: [[UInt8]], name: [UInt8]) {
    let all = path.bytes.split(separator: UInt8(ascii: "/")).map(Array.init)
    return (all.dropLast(), all.last ?? [])
  }

  /// The directory, or nil when it is not there or something else is.
  private func directory(
    _ names: ArraySlice<[UInt8]>, making: Bool
  ) throws(GitError) -> OwnedDescriptor? {
    let shared = zip(chain, names).prefix { $0.name == $1 }.count
    chain.removeLast(chain.count - shared)
    for name in names.dropFirst(shared) {
      let parent = chain.last?.descriptor ?? root
      let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
      var descriptor = cString(name) { openat(parent.raw, $0, flags) }
      if descriptor < 0, errno == ENOENT, making {
        let code = cString(name) { mkdirat(parent.raw, $0, 0o777) }
        if code == 0 { descriptor = cString(name) { openat(parent.raw, $0, flags) } }
      }
      guard descriptor >= 0 else {
        if !making, [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
        throw failure("open the directory", RepositoryPath(name))
      }
      chain.append((name, OwnedDescriptor(descriptor)))
    }
    return chain.last?.descriptor ?? root
  }

  /// nil when nothing is there.
  private func status(of name: [UInt8], in directory: OwnedDescriptor) -> stat? {
    var status = stat()
    let code = cString(name) { fstatat(directory.raw, $0, &status, AT_SYMLINK_NOFOLLOW) }
    return code == 0 ? status : nil
  }

  private func linkTarget(
    of name: [UInt8], in parent: OwnedDescriptor, _ path: RepositoryPath
  ) throws(GitError) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = cString(name) { readlinkat(parent.raw, $0, &buffer, buffer.count) }
    guard count >= 0 else { throw failure("read the link", path) }
    return buffer[..<count].map { UInt8(bitPattern: $0) }
  }

  private func failure(_ verb: String, _ path: RepositoryPath) -> GitError {
    let code = errno
    return .system(attempt: "\(verb) \(quoted(path)) in", path: rootPath, code: code)
  }
}

/// Enough about a file to see that it was touched, and for an index to know it by.
struct FileFingerprint: Hashable, Sendable {
  /// Seconds and nanoseconds.
  struct Time: Hashable, Sendable {
    let seconds: Int
    let nanoseconds: Int
  }

  let device: UInt64
  let inode: UInt64
  let mode: UInt32
  let owner: UInt32
  let group: UInt32
  let byteCount: Int64
  let modified: Time
  let changed: Time

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    mode = UInt32(status.st_mode)
    owner = UInt32(status.st_uid)
    group = UInt32(status.st_gid)
    byteCount = Int64(status.st_size)
    modified = Time(
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    changed = Time(
      seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
  }
}

private func cString<Value>(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Value) -> Value {
  let characters = name.map { CChar(bitPattern: $0) } + [0]
  return characters.withUnsafeBufferPointer { body($0.baseAddress!) }
}
