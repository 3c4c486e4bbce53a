// Why a commit was not made; unless said otherwise, nothing of the user's has changed. What goes wrong once the branch has moved is a
// `LandingTrouble`.

package import Approval

/// A ref that something else than we moved.
package struct ReferenceMove: Hashable, Sendable {
  package let name: String
  /// What it named: an object name, another ref's name, or nil for no such ref.
  package let before: String?
  package let after: String?
}

package enum CommitError: Error, Hashable, Sendable {
  case git(GitError)
  /// The approved tree is the base's.
  case nothingChanges
  /// The proposal does not stand on what the request says.
  case wrongBase(proposal: ObjectID?, request: ObjectID?)
  case operationInProgress(OperationInProgress)
  case noIdentity(String)
  /// The tree or commit object is not what was approved.
  case guarded([GuardViolation])
  /// The commit object differs in something else: `what` names it.
  case commitDiffers(what: String)
  case hookFailed(name: String, status: ExitStatus, output: [UInt8])
  /// git would run the hook in the checkout but could not here.
  case hookCannotRun(name: String, path: String)
  /// The hook made the second tree of the first, the approved one.
  case hookChangedContent(name: String, from: ObjectID, to: ObjectID, [RepositoryPath])
  case hookMovedReferences(name: String, [ReferenceMove])
  case emptyMessage
  case messageNotText
  /// The user left the editor without a message.
  case abandoned
  case cancelled
  case indexLocked(path: String)
  /// The set-up took away or replaced what was linked from the checkout, and hooks would run what it put there.
  case setupChangedLink(RepositoryPath)
  /// The branch is no longer where the request needs it.
  case tipMoved(branch: String, to: ObjectID?)
  /// git refused to move the branch; its words.
  case landingRefused(String)
  /// Whether the branch moved cannot be told now; the journal stays, and the next start finds out.
  case landingUnknown(commit: ObjectID, message: String)
  /// A commit of this session landed before, and its files have not followed yet, or it is not on record.
  case earlierLanding(commit: ObjectID)
  /// The message lost this line to a hook.
  case trailerLost(hook: String, line: String)
  /// The message has a line that says what only we may say.
  case foreignTrailer(line: String)
  /// A test stopped here.
  case interrupted(CommitStep)
}

extension CommitError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .git(let error): error.description
    case .nothingChanges: "There is nothing to commit: the approved tree equals the base."
    case .wrongBase(let proposal, let request):
      "The proposal stands on \(name(proposal)), but the commit was asked for on \(name(request)); "
        + "review it again on the new base."
    case .operationInProgress(let operation):
      "A \(operation.rawValue) is in progress in the checkout; finish or abort it first."
    case .setupChangedLink(let path):
      "The setup command replaced \(quoted(path)), which is linked from your checkout for hooks; "
        + "nothing of it was run."
    case .tipMoved(let branch, let tip):
      "\(branch) has moved to \(name(tip)) since the base, and an untouched tip is required; "
        + "move the review there, then commit again."
    case .noIdentity(let message): "git knows no name and address for the commit: \(message)"
    case .guarded(let violations):
      "The commit is not what was approved (\(violations.count) differences, first at "
        + "\(violations.first.map { quoted($0.path) } ?? "")). "
        + "This is a mistake of countersign: please report it."
    case .commitDiffers(let what):
      "The commit object has another \(what) than asked for."
    case .hookFailed(let name, let status, _):
      "The \(Repository.words(ofHook: name)) \(status.sentence). Its output says why."
    case .hookCannotRun(let name, let path):
      "git would run the \(name) hook at \(path), but it cannot run for this commit; "
        + "make it runnable or take it away."
    case .hookChangedContent(let name, let before, let after, let paths):
      "The \(Repository.words(ofHook: name)) changed what nobody has approved: "
        + paths.prefix(3).map { quoted($0) }.joined(separator: ", ")
        + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
        + ". `git diff \(before.short) \(after.short)` shows what it did."
    case .hookMovedReferences(let name, let moves):
      "The \(Repository.words(ofHook: name)), or somebody else meanwhile, moved "
        + moves.map(\.name).joined(separator: ", ") + "."
    case .emptyMessage: "The commit message is empty; write one."
    case .messageNotText:
      "The commit message is not valid UTF-8; set i18n.commitEncoding or fix it."
    case .abandoned: "The commit was abandoned in the editor."
    case .cancelled: "The commit was cancelled."
    case .indexLocked(let path):
      "The index is locked by another git, or one that died (\(path)); end it, or remove the "
        + "file if none runs, and commit again."
    case .landingRefused(let message): "git did not move the branch: \(message)"
    case .landingUnknown(let commit, let message):
      "Whether the branch moved to \(commit.short) cannot be told now: \(message) "
        + "`countersign` finds out when it is started next."
    case .earlierLanding(let commit):
      "The commit \(commit.short) of this session is not finished yet, or not on record. "
        + "Start `countersign` again in the checkout where it was made, which "
        + "sees to that, and commit then."
    case .trailerLost(let hook, let line):
      "The \(hook) hook took, or put out of the last paragraph, the line \u{201C}\(line)\u{201D}. "
        + "Let the hook keep it, or turn such lines off with commit.trailers = false."
    case .foreignTrailer(let line):
      "The message has the line \u{201C}\(line)\u{201D}, which speaks of another commit. Take it "
        + "out, or keep the hook that adds it from doing so."
    case .interrupted(let step): "A test stopped the commit at \(step.rawValue)."
    }
  }

  private func name(_ id: ObjectID?) -> String { id?.short ?? "an unborn branch" }
}

/// Runs git work and wraps its error.
func committing<Value>(
  _ body: () throws(GitError) -> Value
) throws(CommitError) -> Value {
  do throws(GitError) { return try body() } catch { throw .git(error) }
}
