// The paths that exist in the base, and the names that would collide with them on some file system.

/// A set of paths that also answers whether a new path is a twin of an existing one.
///
/// Twins are paths that differ in bytes and fall together under case folding, Unicode normalisation or ignorable code points. Swift's
/// `String` equality is canonical equivalence, which is wrong for content and exactly right for this one question.
package struct PathIndex: Sendable {
  private var files: Set<[UInt8]> = []
  private var directories: Set<[UInt8]> = []
  /// Every file and directory under its folded name; the first of several.
  private var spellings: [String: [UInt8]] = [:]

  package init(_ paths: some Sequence<[UInt8]> = []) {
    for path in paths { insert(path) }
  }

  package mutating func insert(_ path: [UInt8]) {
    guard files.insert(path).inserted else { return }
    record(path)
    for directory in Self.directories(above: path).reversed() {
      guard directories.insert(directory).inserted else { break }
      record(directory)
    }
  }

  private mutating func record(_ path: [UInt8]) {
    let folded = Self.folded(path)
    if spellings[folded] == nil { spellings[folded] = path }
  }

  package func contains(_ path: [UInt8]) -> Bool { files.contains(path) }

  /// What stands in the way of a new file at a path.
  package enum Collision: Sendable, Equatable {
    /// An existing path, or one of its directories, that differs only in case, normalisation or ignorable code points.
    case twin([UInt8])
    /// A directory has the path, or a file has the path of one of its directories.
    case kind([UInt8])
  }

  /// Returns what a new file at `path` would collide with; an existing file of exactly that path is no collision.
  package func collision(ofNew path: [UInt8]) -> Collision? {
    if directories.contains(path) { return .kind(path) }
    for directory in Self.directories(above: path) {
      if files.contains(directory) { return .kind(directory) }
      if directories.contains(directory) { continue }
      if let twin = spellings[Self.folded(directory)], twin != directory { return .twin(twin) }
    }
    if files.contains(path) { return nil }
    if let twin = spellings[Self.folded(path)], twin != path { return .twin(twin) }
    return nil
  }

  private static func directories(above path: [UInt8]) -> [[UInt8]] {
    path.indices.filter { path[$0] == UInt8(ascii: "/") }.map { Array(path[..<$0]) }
  }

  private static func folded(_ path: [UInt8]) -> String {
    if path.allSatisfy({ $0 < 0x80 }) {
      return String(decoding: path.map(\.asciiLowercased), as: UTF8.self)
    }
    let visible = PathSafety.withoutIgnorable(path[...])
    return String(decoding: visible, as: UTF8.self).uppercased().lowercased()
  }
}
