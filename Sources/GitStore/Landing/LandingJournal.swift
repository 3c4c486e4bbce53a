// What a landing is about to do, on disk from before the branch moves until the caller has recorded the commit.

import Approval

/// The journal of one landing.
///
/// Its file exists from before the branch moves until `Repository.endLanding`, which the caller asks for once the commit is on record: a
/// commit that a crash cut off from its record is found again by it.
struct LandingJournal: Hashable, Sendable {
  /// The full name of the branch, or `HEAD`.
  let branch: String
  /// nil when the branch had no commit.
  let old: ObjectID?
  let new: ObjectID
  let oldTree: ObjectID
  let newTree: ObjectID
  /// The checkout whose branch, index and files it is about, as `Repository.checkoutName` has it.
  let checkout: String
  var manner = Manner.moving

  /// What follows the branch; the text is the journal's first line.
  enum Manner: String, Hashable, Sendable, CaseIterable {
    /// Files and index.
    case moving = "countersign-landing 2"
    /// The index: the files hold the change already.
    case inPlace = "countersign-landing-in-place 2"
    /// Nothing but entries of the index that still have the base's version: the index holds the change already.
    case inIndex = "countersign-landing-in-index 2"
    /// Nothing: the branch is a side branch.
    case beside = "countersign-landing-beside 2"
    /// Nothing any more: index and files have followed, and only the record may be missing.
    case landed = "countersign-landed 2"

    /// Whether no file or index has to follow any more.
    var isEnded: Bool { self == .landed || self == .beside }
  }

  static func path(in directory: String) -> String { "\(directory)/landing" }

  func write(in directory: String) throws(GitError) {
    let text =
      "\(manner.rawValue)\n\(branch)\n\(old?.hex ?? "-")\n\(new)\n\(oldTree)\n\(newTree)\n\(checkout)\n"
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
    guard lines.count == 8, let manner = Manner(rawValue: lines[0]),
      let new = ObjectID(hex: lines[3]), let oldTree = ObjectID(hex: lines[4]),
      let newTree = ObjectID(hex: lines[5]), lines[2] == "-" || ObjectID(hex: lines[2]) != nil
    else { throw .unexpected(source: path, answer: text) }
    return LandingJournal(
      branch: lines[1], old: ObjectID(hex: lines[2]), new: new, oldTree: oldTree,
      newTree: newTree, checkout: lines[6], manner: manner)
  }
}
