// Golden screens on disk: comparing, recording, and finding those that nothing refers to.

import TestSupport
import Glibc

/// A directory of golden files.
///
/// A missing file is written and reported as a problem. With `COUNTERSIGN_RECORD=1` all files are written anew; where `CI` is set
/// nothing is ever written.
package struct GoldenStore: Sendable {
  private let directory: String
  private let isReadOnly: Bool
  package let recordsAll: Bool

  package init(directory: String, isReadOnly: Bool, recordsAll: Bool) {
    self.directory = directory
    self.isReadOnly = isReadOnly
    self.recordsAll = recordsAll && !isReadOnly
  }

  /// The golden screens in Fixtures.
  package static let screens = GoldenStore(
    directory: root(of: #filePath) + "/Fixtures/Screens",
    isReadOnly: !(environment("CI") ?? "").isEmpty,
    recordsAll: environment("COUNTERSIGN_RECORD") == "1")

  /// Widths that others count differently.
  package static let widths = GoldenStore(
    directory: root(of: #filePath) + "/Fixtures/Widths", isReadOnly: screens.isReadOnly,
    recordsAll: screens.recordsAll)

  /// Compares `text` with the golden file `name`; nil when they are equal.
  package func compare(_ text: String, with name: String) throws(GoldenError) -> String? {
    let golden = try read(name)
    if let golden, golden.elementsEqual(text.utf8) { return nil }
    if recordsAll {
      try write(Array(text.utf8), to: name)
      return nil
    }
    guard let golden else {
      guard !isReadOnly else { return "\(name): there is no such golden screen:\n\(text)" }
      try write(Array(text.utf8), to: name)
      return "\(name): there was no such golden screen; it is recorded now, look at it:\n\(text)"
    }
    return "\(name): the screen differs (- golden, + now); COUNTERSIGN_RECORD=1 records it anew.\n"
      + Self.difference(String(decoding: golden, as: UTF8.self), text)
  }

  /// The golden files that are not among `names`; they are removed when all are recorded anew.
  package func unreferenced(by names: Set<String>) throws(GoldenError) -> [String] {
    let extra = try list().filter { !names.contains($0) }
    guard recordsAll else { return extra }
    for name in extra {
      guard unlink("\(directory)/\(name)") == 0 else {
        throw GoldenError(tried: "remove", file: name, code: errno)
      }
    }
    return []
  }

  private static func difference(_ golden: String, _ now: String) -> String {
    let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
    let new = now.split(separator: "\n", omittingEmptySubsequences: false)
    var lines: [String] = []
    for index in 0..<max(old.count, new.count) {
      let before = old.indices.contains(index) ? old[index] : nil
      let after = new.indices.contains(index) ? new[index] : nil
      if before == after { continue }
      if let before { lines.append("- \(before)") }
      if let after { lines.append("+ \(after)") }
    }
    return lines.joined(separator: "\n")
  }

  private static func root(of file: String) -> String {
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  }
}

/// What could not be done with a golden file.
package struct GoldenError: Error, CustomStringConvertible {
  let tried: String
  let file: String
  let code: CInt

  package var description: String {
    "cannot \(tried) golden screen \(file): \(unsafe String(cString: strerror(code)))"
  }
}

extension GoldenStore {
  private func read(_ name: String) throws(GoldenError) -> [UInt8]? {
    guard let file = unsafe fopen("\(directory)/\(name)", "r") else {
      guard errno == ENOENT else { throw GoldenError(tried: "open", file: name, code: errno) }
      return nil
    }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe getc(file)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    guard unsafe ferror(file) == 0 else {
      throw GoldenError(tried: "read", file: name, code: errno)
    }
    return bytes
  }

  private func write(_ bytes: [UInt8], to name: String) throws(GoldenError) {
    guard let file = unsafe fopen("\(directory)/\(name)", "w") else {
      throw GoldenError(tried: "write", file: name, code: errno)
    }
    let written = unsafe fwrite(bytes, 1, bytes.count, file)
    guard unsafe fclose(file) == 0, written == bytes.count else {
      throw GoldenError(tried: "write", file: name, code: errno)
    }
  }

  private func list() throws(GoldenError) -> [String] {
    guard let handle = unsafe opendir(directory) else {
      throw GoldenError(tried: "list", file: directory, code: errno)
    }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
