// A directory that goes away with the test.

import Glibc
import TerminalHarness

/// A new directory, removed with the files a test put into it.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(parent)/countersign-terminal-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw HarnessError.system(call: "mkdtemp", reason: String(cString: strerror(errno)))
    }
    path = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  deinit {
    Self.remove(path)
  }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(directory)
    }
    Glibc.remove(path)
  }

  func write(_ text: String, to name: String) throws {
    guard let file = fopen("\(path)/\(name)", "w") else {
      throw HarnessError.system(call: "open \(name)", reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else {
      throw HarnessError.system(call: "write \(name)", reason: String(cString: strerror(errno)))
    }
  }
}
