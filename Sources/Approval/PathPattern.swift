// Patterns over paths, as `.gitignore` has them.

/// A pattern as in `.gitignore`: without a slash before its end it is the name of a file or directory anywhere, with one it is the path from
/// the top. `*`, `?` and `[…]` stay within a name, `**` is any number of directories, a slash at the end asks for a directory.
///
/// What is inside a directory that matches, matches.
package struct PathPattern: Hashable, Sendable {
  package let text: String
  private let components: [[UInt8]]
  private let isDirectory: Bool

  /// Returns nil for what matches nothing or takes something back: an empty pattern, one of slashes, one with `.` or `..` as a directory, one that
  /// begins with `!` or `#`, one with a blank at its end or a `[` without its `]`.
  package init?(_ text: String) {
    var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
      .map { Array($0) }
    guard !parts.isEmpty, !parts.contains([UInt8(ascii: ".")]), !parts.contains(Array("..".utf8)),
      text.utf8.first != UInt8(ascii: "!"),
      text.utf8.first != UInt8(ascii: "#"), text.last != " ", parts.allSatisfy(Self.isClosed)
    else { return nil }
    let isAnchored = text.utf8.first == UInt8(ascii: "/") || parts.count > 1
    if !isAnchored { parts.insert(Self.anyDirectories, at: 0) }
    self.text = text
    components = parts
    isDirectory = text.utf8.last == UInt8(ascii: "/")
  }

  private static let anyDirectories = Array("**".utf8)

  /// O(path × pattern) with one `*` or `**`; each further one multiplies by the length of what it stands for.
  package func matches(_ path: RepositoryPath) -> Bool {
    let names = path.bytes.split(separator: UInt8(ascii: "/")).map { Array($0) }
    // A directory on the way is enough; the path itself is a file.
    return (1...max(1, names.count)).contains { count in
      (count < names.count || !isDirectory)
        && Self.matches(components[...], names.prefix(count)[...])
    }
  }

  private static func matches(_ pattern: ArraySlice<[UInt8]>, _ names: ArraySlice<[UInt8]>) -> Bool
  {
    guard let first = pattern.first else { return names.isEmpty }
    let rest = pattern.dropFirst()
    if first == anyDirectories {
      // At the end it is everything inside, but not the directory itself.
      if rest.isEmpty { return !names.isEmpty }
      return names.indices.contains { matches(rest, names[$0...]) }
    }
    guard let name = names.first else { return false }
    return glob(first[...], name[...]) && matches(rest, names.dropFirst())
  }

  /// Whether every set in a component has its end.
  private static func isClosed(_ component: [UInt8]) -> Bool {
    var rest = component[...]
    while let sign = rest.first {
      switch sign {
      case UInt8(ascii: "["):
        guard let (_, beyond) = set(rest, 0) else { return false }
        rest = beyond
      case UInt8(ascii: "\\"): rest = rest.dropFirst(2)
      default: rest = rest.dropFirst()
      }
    }
    return true
  }

  /// Whether one name matches one component.
  private static func glob(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var (pattern, name) = (pattern, name)
    while let sign = pattern.first {
      switch sign {
      case UInt8(ascii: "*"):
        let rest = pattern.drop { $0 == UInt8(ascii: "*") }
        return (name.startIndex...name.endIndex).contains { glob(rest, name[$0...]) }
      case UInt8(ascii: "["):
        guard let byte = name.first, let (isIn, rest) = set(pattern, byte), isIn else {
          return false
        }
        pattern = rest
      case UInt8(ascii: "?"):
        guard !name.isEmpty else { return false }
        pattern = pattern.dropFirst()
      default:
        let isEscaped = sign == UInt8(ascii: "\\")
        guard let wanted = isEscaped ? pattern.dropFirst().first : sign, wanted == name.first else {
          return false
        }
        pattern = pattern.dropFirst(isEscaped ? 2 : 1)
      }
      name = name.dropFirst()
    }
    return name.isEmpty
  }

  /// Whether `byte` is in the set that `pattern` begins with, and what follows the set; nil when it has no end.
  private static func set(
    _ pattern: ArraySlice<UInt8>, _ byte: UInt8
  ) -> (Bool, ArraySlice<UInt8>)? {
    var rest = pattern.dropFirst()
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest = rest.dropFirst() }
    var isIn = false
    var isFirst = true
    while var low = rest.first {
      if low == UInt8(ascii: "]"), !isFirst { return (isIn != isNegated, rest.dropFirst()) }
      isFirst = false
      rest = rest.dropFirst()
      if low == UInt8(ascii: "\\"), let escaped = rest.first {
        low = escaped
        rest = rest.dropFirst()
      }
      var high = low
      if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first,
        end != UInt8(ascii: "]")
      {
        high = end
        rest = rest.dropFirst(2)
      }
      if low <= byte, byte <= high { isIn = true }
    }
    return nil
  }
}
