// A path inside a repository, as the bytes git stores.

/// A path relative to the repository's root with `/` between components; bytes, never text.
///
/// Compares and sorts bytewise, so that twins under case folding or normalisation stay different.
package struct RepositoryPath: Hashable, Sendable, Comparable {
  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The last component.
  package var name: ArraySlice<UInt8> {
    bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes[...]
  }

  package static func < (left: RepositoryPath, right: RepositoryPath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
