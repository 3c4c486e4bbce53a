// What the caller asks of a commit, and what it is told meanwhile and afterwards.

package import Approval

/// A line at the end of the message, `key: value`.
package struct CommitTrailer: Hashable, Sendable {
  package let key: String
  package let value: String

  /// The line as it is in the message.
  package var line: String { "\(key): \(value)" }

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// Where the commit should go.
package enum LandingWish: Hashable, Sendable {
  /// The branch the user is on, or a side branch when that cannot be.
  case branch
  /// The branch the user is on, whose files hold the change already: files stay as they are and the index follows. What is staged beside
  /// the change stays staged.
  case inPlace
  /// The branch the user is on, whose index holds the change already: index and files stay as they are.
  case inIndex
  /// A side branch in any case.
  case side
}

/// A command of the user's that makes a fresh worktree ready for hooks.
package struct WorktreeSetUp: Sendable {
  /// Program first, searched for in the PATH.
  package var command: [String]
  /// What it sees; nil is git's own environment.
  package var environment: [String: String]?

  package init(command: [String], environment: [String: String]? = nil) {
    self.command = command
    self.environment = environment
  }
}

/// Everything about a commit besides its content.
package struct CommitRequest: Sendable {
  /// The session's identifier, which names refs and directories; letters, digits and `-`.
  package var session: String
  package var message: [UInt8]
  /// Whether a person wrote the message in an editor, so that comment lines go, as git does.
  package var isFromEditor = false
  /// The full name of the branch the user is on, or `HEAD` when detached.
  package var branch: String
  /// The commit the branch must be at: the reviewed base, nil when unborn.
  package var expectedTip: ObjectID?
  /// The tree that was recorded as approved; nil when nothing was recorded yet.
  package var recordedTree: ObjectID?
  package var trailers: [CommitTrailer] = []
  /// Keys of trailers that only `trailers` may have in the message, whatever their case.
  package var ownKeys: Set<String> = []
  package var landing = LandingWish.branch
  /// Whether nothing lands, not even on a side branch, once the branch is elsewhere than at `expectedTip`.
  package var needsExpectedTip = false
  /// What is linked from the user's checkout into the worktree, before hooks run.
  package var linkPaths: [RepositoryPath] = []
  /// Run in the worktree before the first hook, where a hook runs at all.
  package var setUp: WorktreeSetUp?
  /// Words for the side branch's name; letters, digits and `-`.
  package var slug: String
  /// The device of a pseudo-terminal that hooks run on and a signing program may ask on.
  package var terminal: String?
  /// How long one hook may take; nil is as long as it wants.
  package var hookTimeout: Duration?
  /// Lets the user change the message after prepare-commit-msg; nil from it abandons the commit.
  package var edit: (@Sendable ([UInt8]) async -> [UInt8]?)?
  /// Whether the worktree is to hold the files even when no hook runs, for the caller's own checks.
  package var wantsFiles = false
  /// The session's worktree, made afresh; its parent must exist.
  package var worktreeDirectory: String
  /// Holds the landing journal and the private git directory; must exist.
  package var journalDirectory: String
  /// For tests: stops or falsifies the work at a step.
  package var faults = CommitFaults()

  package init(
    session: String, message: [UInt8], branch: String, expectedTip: ObjectID?, slug: String,
    worktreeDirectory: String, journalDirectory: String
  ) {
    self.session = session
    self.message = message
    self.branch = branch
    self.expectedTip = expectedTip
    self.slug = slug
    self.worktreeDirectory = worktreeDirectory
    self.journalDirectory = journalDirectory
  }
}

/// A point of the commit path at which a test can stop, as a crash would.
package enum CommitStep: String, Hashable, Sendable, CaseIterable {
  case treeWritten, worktreeMade, hooksRun, commitMade, checked, journalWritten, branchMoved
  case filesUpdated, landingMarked
}

/// The seam for fault injection; does nothing unless a test says so.
package struct CommitFaults: Sendable {
  /// Called at every step; throws to stop there with everything left as it is.
  package var checkpoint: @Sendable (CommitStep) async throws(CommitError) -> Void = { _ in }
  /// Falsifies spliced content before the tree is written.
  package var splice: @Sendable ([UInt8]) -> [UInt8] = { $0 }

  package init() {}
}

/// Something to show while a commit is made.
package enum CommitEvent: Hashable, Sendable {
  case preparing
  case hookStarted(String)
  case hookOutput(String, [UInt8])
  case hookEnded(String, ExitStatus)
  /// A hook file that git leaves out because it is not executable.
  case hookNotExecutable(path: String)
  case signing
  case landing
}

/// Why a commit went to a side branch.
package enum SideReason: Hashable, Sendable {
  case asked
  /// The branch is no longer at the reviewed base.
  case tipMoved(to: ObjectID?)
  /// The checkout is on another branch by now.
  case headElsewhere(String)
  /// git would have to overwrite local changes; its words.
  case localChanges(String)
  /// A directory on the way to a touched path is a symbolic link in the checkout.
  case symlinkInTheWay(RepositoryPath)
}

/// Where a commit ended up.
package enum Landed: Hashable, Sendable {
  /// The branch (or a detached HEAD) moved, index and files with it.
  case branch(String)
  /// `name` is the short name; `mergeCommand` brings the commit to the user's branch.
  case side(name: String, reason: SideReason, mergeCommand: String)
}

/// What went wrong after a commit had landed; the commit stands.
package enum LandingTrouble: Hashable, Sendable, CustomStringConvertible {
  /// Index and files could not follow the branch, and it could not be moved back; the journal stays for the next start.
  case filesDidNotFollow(String)
  case postCommit(GitError)
  /// The journal could not be brought up to date; the next start does it.
  case journal(GitError)
  /// The private checkout could not be removed; the next commit makes it anew.
  case cleaningUp(GitError)

  package var description: String {
    switch self {
    case .filesDidNotFollow(let message):
      "The branch moved, but index and files could not follow: \(message) "
        + "`countersign` finishes that when it is started next."
    case .postCommit(let error): "The post-commit hook could not be run: \(error)"
    case .journal(let error): "The landing could not be marked as ended: \(error)"
    case .cleaningUp(let error): "The private checkout of the commit was not removed: \(error)"
    }
  }
}

/// What a commit came to.
package struct CommitReceipt: Hashable, Sendable {
  package let commit: ObjectID
  package let tree: ObjectID
  package let landed: Landed
  package var troubles: [LandingTrouble] = []

  /// Whether index and files have not followed the branch.
  package var hasFilesBehind: Bool {
    troubles.contains { if case .filesDidNotFollow = $0 { true } else { false } }
  }
}
