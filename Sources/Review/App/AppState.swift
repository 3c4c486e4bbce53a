// The whole state of the workstation: a value that one update changes and one render draws.

package import Approval
package import CellGrid
import Diffing
package import Scanner

/// Which screen is shown.
package enum ScreenKind: Hashable, Sendable {
  case sessions
  case queue
  case ask
  case review
  case unplaced
  case commit
  case viewer
}

/// A sentence on the message line.
package struct StatusMessage: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case note, success, problem }
  package let kind: Kind
  package let text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// What identifies the repository in the header.
package struct RepositoryHeading: Hashable, Sendable {
  package let name: [UInt8]
  /// The branch, `detached` or `unborn` with what there is.
  package let branch: String
  package let head: String

  package init(name: [UInt8], branch: String, head: String) {
    self.name = name
    self.branch = branch
    self.head = head
  }
}

/// A question or a line of input that comes before everything else.
package enum Overlay: Hashable, Sendable {
  case approveFile(lines: [Int], hunks: Int, flagged: Int)
  case rejectReason(DecisionTarget, TextField)
  /// The phrase that must be typed to acknowledge findings of class block.
  case acknowledge([Finding], phrase: String, TextField)
  case comment(CommentDraft)
  case askAgain(AgainDraft)
  case search(TextField, ReviewSearch.Scope)
  case filterFiles(TextField)
  case picker(Picker)
  case tooLong(PromptOverflow)
  /// Whether the approved change may go to that endpoint, for a commit message.
  case draftMessage(endpoint: String)
  case undoCommit(ObjectID)
  case confirmDiscard(SessionID)
  case confirmRemoval(rejected: Int)
  case leaveWhileWorking(requests: Int, again: Int, unsent: Int, checks: Bool)
  case help(HelpState)
}

/// The help overlay: keys of the screen below, filtered by what is typed.
package struct HelpState: Hashable, Sendable {
  package var filter = TextField(isMultiline: false)
  package var top = 0

  package init() {}
}

package struct AppState: Sendable {
  package var size: GridSize
  package let repository: RepositoryHeading
  package let keymap: Keymap
  /// What runs: nil in a repository of the user's, else what the header says of the demo.
  package let demoNote: String?
  package var screen = ScreenKind.sessions
  package var sessions = SessionsState()
  package var queue = QueueState()
  package var ask: AskState
  package var review: ReviewState?
  /// What is below `review` while that shows two versions beside each other.
  package var comparison: Comparison?
  /// Keys of a binding of several, as far as they were pressed.
  package var pendingKeys: [Key] = []
  package var unplacedIndex = 0
  /// Why edits that were asked for again by the program have no place still, one reason per time; of this run only.
  package var repairReasons: [UnplacedItem: [String]] = [:]
  /// Which of the places of the unplaced edit that is selected is shown, 0-based.
  package var unplacedPlace = 0
  /// Whether the lines for an edit by hand are being read, or its round is being made.
  var isHandEditing = false
  package var unplacedTop = 0
  package var commit: CommitState?
  /// How many commit sheets were opened: the number of the last.
  package var sheetCount = 0
  package var checks: ChecksState?
  package var viewer: ViewerState?
  package var overlay: Overlay?
  package var message: StatusMessage?
  package var isLeaving = false

  package init(
    size: GridSize, repository: RepositoryHeading, ask: AskState, keymap: Keymap = .standard,
    demoNote: String? = nil
  ) {
    self.size = size
    self.repository = repository
    self.ask = ask
    self.keymap = keymap
    self.demoNote = demoNote
  }

  package var context: KeyContext {
    switch screen {
    case .sessions: .sessions
    case .queue: .queue
    case .ask: .ask
    case .review: .review
    case .unplaced: .unplaced
    case .commit: .commit
    case .viewer: .viewer
    }
  }
}

extension AppState {
  /// What presses `command` on a screen, as messages name it: its first key, or its name in the palette.
  package func key(_ command: Command, in context: KeyContext = .review) -> String {
    keymap.name(of: command, in: context)
  }
}
