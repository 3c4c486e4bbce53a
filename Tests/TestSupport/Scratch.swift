// A directory of its own for one test, gone afterwards.

import Glibc

/// A fresh private directory, removed with everything in it when the value goes away.
package final class Scratch: Sendable {
  package let path: [UInt8]

  package init() {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(parent)/countersign-test-XXXXXX".utf8).map(CChar.init(bitPattern:))
    template.append(0)
    guard mkdtemp(&template) != nil else {
      preconditionFailure("mkdtemp: errno \(errno)")
    }
    path = template.dropLast().map(UInt8.init(bitPattern:))
  }

  deinit {
    Scratch.remove(path)
  }

  package func path(_ name: String) -> [UInt8] { path + Array("/\(name)".utf8) }

  package func text(_ name: String) -> String { String(decoding: path(name), as: UTF8.self) }

  package func write(_ content: [UInt8], to name: String, mode: UInt32 = 0o600) {
    let descriptor = open(text(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
    precondition(descriptor >= 0, "open \(name): errno \(errno)")
    defer { close(descriptor) }
    precondition(Glibc.write(descriptor, content, content.count) == content.count)
    precondition(fchmod(descriptor, mode_t(mode)) == 0)
  }

  /// The content of a file below, nil when there is none.
  package func content(_ name: String) -> [UInt8]? {
    let descriptor = open(text(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      precondition(count >= 0)
      if count == 0 { return content }
      content += piece[..<count]
    }
  }

  package func permissions(_ name: String) -> UInt32? {
    var status = stat()
    guard lstat(text(name), &status) == 0 else { return nil }
    return status.st_mode & 0o7777
  }

  /// The names in the directory, in byte order.
  package func names(in name: String = ".") -> [String] {
    Scratch.names(in: text(name))
  }

  private static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func remove(_ path: [UInt8]) {
    let directory = String(decoding: path, as: UTF8.self)
    for name in names(in: directory) {
      let child = "\(directory)/\(name)"
      var status = stat()
      guard lstat(child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        remove(Array(child.utf8))
      } else {
        unlink(child)
      }
    }
    rmdir(directory)
  }
}
