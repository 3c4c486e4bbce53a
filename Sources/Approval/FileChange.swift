// One proposed file with its contents: what there is to decide on.

package import Diffing

/// Why a file is decided on as a whole instead of line by line.
package enum WholeReason: Hashable, Sendable {
  case binary
  /// Larger than the limit that the user can set.
  case large
  case symlink
  case submodule
  /// A file becomes a link or a submodule, or the other way round.
  case typeChange
  /// An empty file comes or goes.
  case empty
}

/// What a file consists of for the reviewer.
package enum FileContent: Sendable {
  /// Changed lines; groups may be empty when only the mode changes.
  case text(FileDiff)
  /// One decision for everything, with the bytes of both sides as far as they are small enough to show.
  case whole(WholeReason, old: [UInt8], new: [UInt8])
}

/// A proposed file with its contents, immutable once loaded.
package struct FileChange: Sendable {
  package let file: ProposedFile
  package let content: FileContent

  /// Bytes above which a text file is decided on as a whole, unless the user sets another limit.
  package static let defaultWholeFileLimit = 20_000_000
  /// As git does: a NUL among the first bytes makes a file binary.
  private static let binaryProbe = 8_000

  /// Classifies the two sides and computes the diff. Absent sides are empty.
  package init(
    file: ProposedFile, old: [UInt8], new: [UInt8], wholeFileLimit: Int = defaultWholeFileLimit
  ) {
    self.file = file
    if let reason = Self.wholeReason(file, old: old, new: new, limit: wholeFileLimit) {
      content = .whole(reason, old: old, new: new)
    } else {
      content = .text(FileDiff.between(TextFile(old), TextFile(new)))
    }
  }

  /// The first change of a large text file, to be read while the rest is compared; nil where nothing is gained by it.
  ///
  /// It is no basis for decisions: its changed lines are counted from its own first one.
  package static func beginning(
    of file: ProposedFile, old: [UInt8], new: [UInt8], wholeFileLimit: Int = defaultWholeFileLimit
  ) -> FileChange? {
    guard old.count + new.count > largeSize,
      wholeReason(file, old: old, new: new, limit: wholeFileLimit) == nil,
      let diff = FileDiff.firstChange(of: old, new)
    else { return nil }
    return FileChange(file: file, content: .text(diff))
  }

  /// Bytes of both sides from which comparing takes long enough to be seen.
  private static let largeSize = 4_000_000

  private init(file: ProposedFile, content: FileContent) {
    self.file = file
    self.content = content
  }

  /// The diff when the file is decided on by lines.
  package var diff: FileDiff? {
    guard case .text(let diff) = content else { return nil }
    return diff
  }

  /// Whether the mode is decided on by itself: a text file whose mode changes.
  package var hasModeUnit: Bool { diff != nil && file.changesMode }

  /// How many lines and other units there are to decide on; never 0.
  package var unitCount: Int {
    switch content {
    case .text(let diff): diff.changedLineCount + (file.changesMode ? 1 : 0)
    case .whole: 1
    }
  }

  private static func wholeReason(
    _ file: ProposedFile, old: [UInt8], new: [UInt8], limit: Int
  ) -> WholeReason? {
    let modes = [file.old?.mode, file.new?.mode].compactMap { $0 }
    if modes.count == 2,
      modes[0].isFile != modes[1].isFile || !modes[0].isFile && modes[0] != modes[1]
    {
      return .typeChange
    }
    if modes.contains(.submodule) { return .submodule }
    if modes.contains(.symlink) { return .symlink }
    if old.prefix(binaryProbe).contains(0) || new.prefix(binaryProbe).contains(0) { return .binary }
    if old.count > limit || new.count > limit { return .large }
    if modes.count == 1, old.isEmpty, new.isEmpty { return .empty }
    return nil
  }
}
