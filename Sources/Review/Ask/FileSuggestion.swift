// Files that belong to a request though nobody has chosen them yet, and files that its words name.

package import Approval

/// A file to be added, with the reason.
package struct FileSuggestion: Hashable, Sendable {
  package let path: RepositoryPath
  /// A few words, such as `changed 7 times with Ledger.swift`.
  package let reason: String

  package init(path: RepositoryPath, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// What an instruction mentions.
package struct Mentions: Hashable, Sendable {
  /// What stands behind an `@`: paths and symbols.
  package var named: [String] = []
  /// Words that look like identifiers: of mixed case, with an underscore, or between backticks.
  package var identifiers: [String] = []

  /// At most so many identifiers are looked for.
  private static let mostIdentifiers = 6

  package init(in instruction: String) {
    for word in instruction.split(whereSeparator: {
      $0.isWhitespace || "()[]{}«»“”\"',;!?".contains($0)
    }) {
      if word.first == "@", word.count > 1 {
        named.append(Self.trimmed(word.dropFirst()))
        continue
      }
      let isQuoted = word.first == "`"
      let bare = Self.trimmed(word.filter { $0 != "`" }[...])
      for part in bare.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
        guard part.count >= 3, part.first?.isNumber == false, isQuoted || Self.isIdentifier(part),
          identifiers.count < Self.mostIdentifiers, !identifiers.contains(String(part))
        else { continue }
        identifiers.append(String(part))
      }
    }
  }

  private static func trimmed(_ word: Substring) -> String {
    var word = word
    while let last = word.last, ".:".contains(last) { word.removeLast() }
    return String(word)
  }

  private static func isIdentifier(_ word: Substring) -> Bool {
    word.contains("_")
      || word.dropFirst().contains { $0.isUppercase } && word.contains { $0.isLowercase }
  }

  /// Whether a path can stand behind an `@`: one with blanks, brackets or quotes would end there.
  static func canName(_ path: RepositoryPath) -> Bool {
    guard let text = String(validating: path.bytes, as: UTF8.self) else { return false }
    return Mentions(in: "@\(text)").named == [text]
  }

  /// The one tracked file that `name` names: its path, or the end of its path from a slash on; nil when none or several do.
  package static func file(_ name: String, among tracked: [RepositoryPath]) -> RepositoryPath? {
    let wanted = Array(name.utf8)
    let ending = [UInt8(ascii: "/")] + wanted
    let matching = tracked.filter { path in
      path.bytes == wanted
        || path.bytes.count > ending.count && path.bytes.suffix(ending.count).elementsEqual(ending)
    }
    if let exact = matching.first(where: { $0.bytes == wanted }) { return exact }
    return matching.count == 1 ? matching[0] : nil
  }
}

/// Tests of a file, and what a test is of, by their names.
package enum TestNames {
  /// The tracked files that are tests of `path`, or that it is a test of; by the file's name only.
  package static func partners(
    of path: RepositoryPath, among tracked: [RepositoryPath]
  ) -> [RepositoryPath] {
    let (stem, isTest) = bare(path)
    guard !stem.isEmpty else { return [] }
    return tracked.filter { other in
      guard other != path else { return false }
      let (otherStem, isOtherTest) = bare(other)
      return otherStem == stem && isTest != isOtherTest
    }
  }

  private static let marks = [
    "tests", "test", "spec", "specs", "_test", "_tests", "_spec", ".test", ".spec", "-test",
    "-spec",
  ]

  /// A file's name in small letters without its ending and without what says that it is a test.
  private static func bare(_ path: RepositoryPath) -> (stem: String, isTest: Bool) {
    var name = String(decoding: path.name, as: UTF8.self).lowercased()
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
    for mark in marks.sorted(by: { $0.count > $1.count })
    where name.hasSuffix(mark) && name.count > mark.count {
      return (String(name.dropLast(mark.count)), true)
    }
    for mark in ["test_", "tests_", "test-"] where name.hasPrefix(mark) {
      return (String(name.dropFirst(mark.count)), true)
    }
    return (name, false)
  }
}
