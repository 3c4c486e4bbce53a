// What a landing is about to do, on disk before the branch moves.

import Approval

/// The journal of one landing; its file exists from before the branch moves until files and index have followed.
struct LandingJournal: Hashable, Sendable {
  /// The full name of the branch, or `HEAD`.
  let branch: String
  /// nil when the branch had no commit.
  let old: ObjectID?
  let new: ObjectID
  let oldTree: ObjectID
  let newTree: ObjectID
  var manner = Manner.moving

  /// What follows the branch; the text is the journal's first line.
  enum Manner: String, Hashable, Sendable, CaseIterable {
    /// Files and index.
    case moving = "countersign-landing 1"
    /// The index: the files hold the change already.
    case inPlace = "countersign-landing-in-place 1"
    /// Nothing but entries of the index that still have the base's version: the index holds the change already.
    case inIndex = "countersign-landing-in-index 1"
  }

  static func path(in directory: String) -> String { "\(directory)/landing" }

  func write(in directory: String) throws(GitError) {
    let text =
      "\(manner.rawValue)\n\(branch)\n\(old?.hex ?? "-")\n\(new)\n\(oldTree)\n\(newTree)\n"
    try writeDurably(Array(text.utf8), to: Self.path(in: directory))
  }

  static func remove(in directory: String) throws(GitError) {
    try removeDurably(path(in: directory))
  }

  /// The journal in `directory`, or nil when there is none.
  static func read(in directory: String) throws(GitError) -> LandingJournal? {
    let path = path(in: directory)
    guard let bytes = try readFile(path) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 7, let manner = Manner(rawValue: lines[0]),
      let new = ObjectID(hex: lines[3]), let oldTree = ObjectID(hex: lines[4]),
      let newTree = ObjectID(hex: lines[5]), lines[2] == "-" || ObjectID(hex: lines[2]) != nil
    else { throw .unexpected(source: path, answer: text) }
    return LandingJournal(
      branch: lines[1], old: ObjectID(hex: lines[2]), new: new, oldTree: oldTree,
      newTree: newTree, manner: manner)
  }
}
