// The commit sheet: what would be committed, where, with which message.

package import Approval

/// One file on the commit sheet.
package struct CommitFileLine: Hashable, Sendable {
  package let path: RepositoryPath
  /// `new`, `changed`, `deleted`, `mode`.
  package let kind: String
  package let addedLines: Int
  package let removedLines: Int
  /// Whether all of the proposed change to the file is taken.
  package let isWhole: Bool

  package init(
    path: RepositoryPath, kind: String, addedLines: Int, removedLines: Int, isWhole: Bool
  ) {
    self.path = path
    self.kind = kind
    self.addedLines = addedLines
    self.removedLines = removedLines
    self.isWhole = isWhole
  }
}

/// What a commit would be, computed from the ledger without touching anything.
package struct CommitPlan: Hashable, Sendable {
  package let files: [CommitFileLine]
  /// Lines that will be added at the end of the message.
  package let trailers: [String]
  package let identity: String
  /// A sentence: where the commit lands.
  package let landing: String
  /// Names of the hooks that will run.
  package let hooks: [String]
  /// How the commit will be signed; nil when it will not.
  package let signing: String?
  /// How the approval itself will be signed; nil when it will not.
  package let approvalSigning: String?
  package let message: [UInt8]
  package let acknowledged: [String]
  /// The tree that would be committed; nil where nothing is approved, or where it cannot be made.
  package let tree: ObjectID?
  /// The configured checks, with what they said of the tree that would be committed.
  package let checks: [PlannedCheck]
  /// What the user's settings let every message begin with; committed as it is it says nothing.
  package let template: [UInt8]?
  /// The change as a patch, for below the message in the editor; nil where the user does not want it there.
  package let editorDiff: [UInt8]?
  /// The model that wrote `message`, where the human kept it as it came.
  package let draftModel: String?
  /// What lines of the message begin with that git leaves out; nil where it leaves none out.
  package let commentMark: [UInt8]?
  /// What the user should know besides, in sentences.
  package let remarks: [String]
  /// Why nothing can be committed now; nil when it can.
  package let obstacle: String?

  package init(
    files: [CommitFileLine], identity: String, landing: String,
    hooks: [String], signing: String?, approvalSigning: String? = nil, message: [UInt8],
    acknowledged: [String],
    obstacle: String?, trailers: [String] = [], tree: ObjectID? = nil,
    checks: [PlannedCheck] = [], commentMark: [UInt8]? = [UInt8(ascii: "#")],
    template: [UInt8]? = nil, editorDiff: [UInt8]? = nil, draftModel: String? = nil,
    remarks: [String] = []
  ) {
    self.files = files
    self.identity = identity
    self.landing = landing
    self.hooks = hooks
    self.signing = signing
    self.approvalSigning = approvalSigning
    self.message = message
    self.acknowledged = acknowledged
    self.obstacle = obstacle
    self.trailers = trailers
    self.tree = tree
    self.checks = checks
    self.commentMark = commentMark
    self.template = template
    self.editorDiff = editorDiff
    self.draftModel = draftModel
    self.remarks = remarks
  }
}

/// What came of a commit.
package struct CommitOutcome: Hashable, Sendable {
  package let commit: ObjectID
  /// A sentence: where it is.
  package let landed: String
  /// Commands to look at it, or to merge it.
  package let next: [String]

  package init(commit: ObjectID, landed: String, next: [String]) {
    self.commit = commit
    self.landed = landed
    self.next = next
  }
}

/// How a message of the model's stands: none is committed that the human has not edited or taken.
package enum MessageDraft: Hashable, Sendable {
  case none
  case asked(RequestProgress)
  /// The message is that model's, as it came.
  case untaken(model: String)
  /// It still is, and the human has taken it, for this sheet.
  case taken(model: String)
}

package struct CommitState: Sendable {
  package enum Phase: Hashable, Sendable {
    case preparing
    case ready
    case running(String)
    case done(CommitOutcome)
    case failed(String)
    /// Whether it was made could not be found out.
    case uncertain(String)
  }

  /// Its number; what was worked out for another sheet is not for this one.
  package var sheet: Int

  package var phase = Phase.preparing
  package var plan: CommitPlan?
  package var message: [UInt8] = []
  package var draft = MessageDraft.none
  /// What hooks print, newest last.
  package var output: [UInt8] = []
  package var top = 0

  package init(sheet: Int) { self.sheet = sheet }
}
