// Which paths a model may name at all (invariant I10): checked as bytes, before any file is looked at.

/// Why a path is refused whatever it points at.
package enum PathViolation: Sendable, Equatable {
  case empty
  case tooLong(byteCount: Int)
  case nul
  case controlByte(UInt8)
  case absolute
  case emptyComponent
  /// `.` or `..`.
  case relativeComponent
  /// `.git` in a spelling that some file system takes for it.
  case gitDirectory

  /// A full sentence for the person who reads the refusal.
  package var sentence: String {
    switch self {
    case .empty: "The path is empty."
    case .tooLong(let count): "The path has \(count) bytes, more than file systems take."
    case .nul: "The path contains a NUL byte."
    case .controlByte(let byte): "The path contains the control byte \(byte)."
    case .absolute: "The path is absolute."
    case .emptyComponent: "The path has an empty component."
    case .relativeComponent: "The path goes through . or .. components."
    case .gitDirectory:
      "The path leads into a .git directory, or to a name that some file systems take for one."
    }
  }
}

package enum PathSafety {
  /// The longest path, and the longest component, in bytes.
  package static let longestPath = 4095
  package static let longestComponent = 255

  /// Returns the first rule that a path breaks, or nil. O(bytes).
  ///
  /// Backslashes are ordinary bytes of a name here, but `.git` is also looked for between them, since Windows separates there.
  package static func violation(ofPath path: [UInt8]) -> PathViolation? {
    guard let first = path.first else { return .empty }
    guard path.count <= longestPath else { return .tooLong(byteCount: path.count) }
    for byte in path {
      if byte == 0 { return .nul }
      if byte < 0x20 || byte == 0x7F { return .controlByte(byte) }
    }
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "\\") || startsWithDrive(path) {
      return .absolute
    }
    for component in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if component.isEmpty { return .emptyComponent }
      if component.count > longestComponent { return .tooLong(byteCount: component.count) }
      let parts = component.split(
        separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
      for part in parts {
        if part.equals(".") || part.equals("..") { return .relativeComponent }
        if namesGitDirectory(part) { return .gitDirectory }
      }
    }
    return nil
  }

  private static func startsWithDrive(_ path: [UInt8]) -> Bool {
    guard path.count >= 2, path[1] == UInt8(ascii: ":") else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(path[0].asciiLowercased)
  }

  /// `.git` after the folding of HFS+ (ignorable code points, case) or NTFS (case, trailing dots and blanks, streams, short names).
  private static func namesGitDirectory(_ component: ArraySlice<UInt8>) -> Bool {
    var name = withoutIgnorable(component).map(\.asciiLowercased)[...]
    if let stream = name.firstIndex(of: UInt8(ascii: ":")) { name = name[..<stream] }
    while let last = name.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
      name = name.dropLast()
    }
    if name.equals(".git") { return true }
    return name.startsWith("git~") && name.count > 4
      && name.dropFirst(4).allSatisfy(\.isASCIIDigit)
  }

  /// Drops what HFS+ ignores: U+200C–200F, U+202A–202E, U+206A–206F, U+FEFF; and U+200B and the tags, which hide as well.
  static func withoutIgnorable(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return Array(bytes) }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let rest = bytes[index...]
      if rest.count >= 3, isIgnorable(rest[index], rest[index + 1], rest[index + 2]) {
        index += 3
      } else if rest.count >= 4, rest.starts(with: [0xF3, 0xA0]), rest[index + 2] <= 0x81 {
        index += 4
      } else {
        kept.append(bytes[index])
        index += 1
      }
    }
    return kept
  }

  private static func isIgnorable(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
    switch (first, second) {
    case (0xE2, 0x80): (0x8B...0x8F).contains(third) || (0xAA...0xAE).contains(third)
    case (0xE2, 0x81): (0xA0...0xAF).contains(third)
    case (0xEF, 0xBB): third == 0xBF
    default: false
    }
  }
}
