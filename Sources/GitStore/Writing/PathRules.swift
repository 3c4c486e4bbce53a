// Which paths may be written: invariant I10, on bytes.

import Approval

/// Rules for paths that come from a proposal, independent of what places edits.
enum PathRules {
  private static let componentLimit = 255
  private static let pathLimit = 4_096

  /// What forbids `path` by itself, or nil.
  static func violation(of path: RepositoryPath) -> PathViolation? {
    let bytes = path.bytes
    guard !bytes.isEmpty else { return .empty }
    guard bytes[0] != UInt8(ascii: "/") else { return .absolute }
    guard bytes.count < pathLimit else { return .tooLong }
    for component in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if let violation = violation(ofComponent: component) { return violation }
    }
    return nil
  }

  /// A key that is equal for names that some file system holds to be the same: case and normalisation folded.
  static func foldedName(_ name: some Sequence<UInt8>) -> String {
    let bytes = Array(name)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      // Not text: only ASCII case can fold; a leading NUL keeps it apart from every text.
      return "\0" + bytes.map { String(lowercased($0)) }.joined(separator: ",")
    }
    // Equality of String is canonical equivalence, which is what is wanted for twins only.
    return text.lowercased().uppercased()
  }

  private static func violation(ofComponent component: ArraySlice<UInt8>) -> PathViolation? {
    guard !component.isEmpty else { return .empty }
    guard component.count <= componentLimit else { return .tooLong }
    guard !component.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return .controlByte }
    // Some systems separate with a backslash too.
    for part in component.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: true) {
      guard part != [UInt8(ascii: ".")], part != [UInt8(ascii: "."), UInt8(ascii: ".")] else {
        return .dotComponent
      }
      guard !isGitDirectory(part) else { return .gitDirectory }
    }
    return nil
  }

  /// Whether some file system would open `.git` under this name: other case, ignorable code points (HFS+), short name, stream suffix,
  /// or trailing dots and blanks (NTFS).
  private static func isGitDirectory(_ component: ArraySlice<UInt8>) -> Bool {
    var name = withoutIgnorable(component).map(lowercased)
    if let colon = name.firstIndex(of: UInt8(ascii: ":")) { name.removeSubrange(colon...) }
    while let last = name.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
      name.removeLast()
    }
    return name == Array(".git".utf8) || name == Array("git~1".utf8)
  }

  /// Drops the code points that HFS+ ignores in names: U+200C-200F, U+202A-202E, U+206A-206F, U+FEFF.
  private static func withoutIgnorable(_ component: ArraySlice<UInt8>) -> [UInt8] {
    let bytes = Array(component)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if index + 2 < bytes.count {
        let (first, second, third) = (bytes[index], bytes[index + 1], bytes[index + 2])
        let isIgnorable =
          first == 0xe2 && second == 0x80
          && ((0x8c...0x8f).contains(third) || (0xaa...0xae).contains(third))
          || first == 0xe2 && second == 0x81 && (0xaa...0xaf).contains(third)
          || first == 0xef && second == 0xbb && third == 0xbf
        if isIgnorable {
          index += 3
          continue
        }
      }
      result.append(bytes[index])
      index += 1
    }
    return result
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
