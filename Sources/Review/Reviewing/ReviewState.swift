// One session under review: what is loaded, where the reader is, what was decided and seen.

package import Approval
package import CellGrid
package import Diffing
package import Scanner

/// The first drawn row of the diff: a layout row and how many of its wrapped rows are above the window.
package struct RowAnchor: Hashable, Sendable {
  package var row: Int
  package var wrapped: Int

  package init(row: Int, wrapped: Int = 0) {
    self.row = row
    self.wrapped = wrapped
  }
}

/// Everything the review screen knows.
package struct ReviewState: Sendable {
  package var heading: SessionHeading
  package var ledger: DecisionLedger
  package var files: [LoadedFile]
  package let unplaced: [UnplacedItem]
  /// Placements per path.
  package let placements: [RepositoryPath: [PlacedRange]]
  /// Per file; nil until it is loaded.
  package var tallies: [Tally?]
  package var total = Tally()
  package var pendingCount: Int

  package var fileIndex = 0
  /// The layout row the cursor is on.
  package var cursor = 0
  package var top = RowAnchor(row: 0)
  package var layout: FileLayout?
  /// How each hunk of the layout stands.
  package var standings: [HunkStanding] = []
  /// Colours of the visible lines of a file.
  package var colour: (file: Int, tokens: SyntaxColour)?
  /// Where a selection of lines began; nil when none is open.
  package var mark: Int?

  /// The mode the user asked for; narrow screens are unified all the same.
  package var preferredMode = DiffMode.sideBySide
  package var wraps = true
  package var showsFilePane = true
  package var contextLines = 3
  package var tabWidth = 4
  package var horizontalOffset = 0
  /// Whether every blank is drawn with a sign.
  package var showsWhitespace = false
  /// Which files the pane lists.
  package var paneFilter = PaneFilter()
  /// The files that pass the filter, ascending; nil when all do.
  package var paneFiles: [Int]?
  package var search: ReviewSearch?
  var jumps = JumpList()
  /// Folds that are open, per file, by the old line at which they begin.
  package var openFolds: [Int: Set<Int>] = [:]
  /// Files that were asked for and have not arrived.
  var loading: Set<Int> = []
  /// No file before this one waits to be asked for.
  var firstUnread = 0
  /// Files whose contents are in memory, in the order in which they came, and how many bytes they have together.
  var kept: [Int] = []
  var keptByteCount = 0
  /// Files that the reader was at last, the last one last.
  var visited: [Int] = []

  /// Groups that begin a hunk of their own, per file: splits.
  package var boundaries: [Int: Set<Int>] = [:]
  /// Changed lines that were drawn in full, per file.
  package var seen: [Int: LineSelection] = [:]
  /// How many wrapped rows of a row taller than the screen were drawn from its start on.
  package var seenPrefix: [Int: Int] = [:]
  /// Files decided on as a whole, and modes, that were drawn.
  package var seenWhole: Set<Int> = []
  package var acknowledged: Set<Finding> = []
  /// What earlier runs recorded as drawn; taken up when a file is loaded.
  package var recordedShown: [ProposedFile: [EditScript]] = [:]
  /// What earlier runs recorded as acknowledged; taken up when a file is loaded.
  package var recordedAcknowledgements: Set<RecordedAcknowledgement> = []
  /// Where hunks were split in earlier runs, by old line; taken up when a file is loaded.
  package var recordedSplits: [RepositoryPath: Set<Int>] = [:]
  /// The session's comments that were not withdrawn, by identifier.
  package var comments: [Int: ReviewComment] = [:]
  /// The identifier that the next comment gets.
  package var nextComment = 0
  /// Why nothing can be decided any more: the ledger cannot be written, or the session is committed.
  package var readOnlyReason: String?
  /// The commit made from this session last.
  package private(set) var committed: ObjectID?
  /// Whether two versions are shown beside each other, rather than a proposal that can be decided on.
  package var isComparison = false
  /// Whether the changes are in the user's files already.
  package var isOfWorkingTree = false
  /// How many rounds the session has, candidates that do not stand among them.
  package var roundCount = 1
  /// The round before the one that stands; nil in the first.
  package var roundBefore: Int?
  /// How far the model is with what it was asked again; nil when it was not.
  package var again: AgainProgress?
  /// The endpoint that asking again goes to, or why there is none.
  package var endpointToAsk: Result<String, SpokenProblem> = .failure(
    SpokenProblem("No model server is known for this session."))
  /// The endpoints that asking again can go to instead, in the order of the configuration.
  package var otherEndpointsToAsk: [String] = []
  /// How many versions of each file came of asking again.
  package var askedCounts: [RepositoryPath: Int] = [:]
  /// The tip of the branch, where it is no longer the base.
  package var movedTip: String?
  /// What was seen of files that are different in this round, until they are loaded.
  var seenBefore: [RepositoryPath: (diff: FileDiff, lines: LineSelection)] = [:]
  /// Where to go when the file has been loaded.
  package var wanted: WantedPlace?

  /// A place to go to as soon as a file is loaded.
  package enum WantedPlace: Hashable, Sendable {
    case top
    case firstHunk
    case lastHunk
    /// The change of mode, which stands above all hunks.
    case mode
    case bottom
    case changedLine(Int)
    /// The hunk that is nearest to a line of the old side, counted from 0.
    case nearestHunk(oldLine: Int)
    /// The first hunk that is open, or the last one.
    case openHunk(fromEnd: Bool)
    /// The lines of a decision.
    case lines(EditScript)
    /// The first match of the search, or the last one.
    case match(fromEnd: Bool)
  }

  package init(
    heading: SessionHeading, ledger: DecisionLedger, unplaced: [UnplacedItem],
    placements: [RepositoryPath: [PlacedRange]]
  ) {
    self.heading = heading
    self.ledger = ledger
    self.unplaced = unplaced
    self.placements = placements
    let count = ledger.proposal.files.count
    files = [LoadedFile](repeating: .pending, count: count)
    tallies = [Tally?](repeating: nil, count: count)
    pendingCount = count
    wanted = .firstHunk
  }

  package var proposal: Proposal { ledger.proposal }

  /// Closes the session to further decisions: what is left is reviewed on the new commit.
  package mutating func close(committedAs commit: ObjectID) {
    committed = commit
    readOnlyReason =
      "Committed as \(commit.short); what was not approved can be reviewed on top."
  }

  package var currentFile: LoadedFile {
    files.indices.contains(fileIndex) ? files[fileIndex] : .failed("The proposal changes no file.")
  }

  package var currentChange: FileChange? { currentFile.change }

  /// Whether only the beginning of the current file is there yet.
  package var isBegun: Bool {
    if case .begun = currentFile { true } else { false }
  }

  /// What is drawn of the current file: its change or, of a large one that is still compared, the beginning.
  package var shownChange: FileChange? {
    if case .begun(let change) = currentFile { return change }
    return currentChange
  }

  package func mode(for size: GridSize) -> DiffMode { mode(of: shownChange, for: size) }

  /// How a file is drawn; without it, how files are mostly.
  func mode(of change: FileChange?, for size: GridSize) -> DiffMode {
    // A file that comes or goes has one side only.
    if let file = change?.file, file.old == nil || file.new == nil { return .unified }
    return size.columns < GridSize.fullWidth ? .unified : preferredMode
  }

  package func geometry(for size: GridSize) -> ReviewGeometry {
    var digits = 3
    if let diff = shownChange?.diff {
      digits = String(max(diff.old.lineCount, diff.new.lineCount, 1)).utf8.count
    }
    return ReviewGeometry(
      // A list of one file would only take columns from the two sides.
      size: size, mode: mode(for: size), showsFilePane: showsFilePane && files.count > 1,
      numberWidth: digits)
  }

  /// The hunk under the cursor, if any.
  package var currentHunk: Int? {
    guard let layout, layout.rows.indices.contains(cursor) else { return nil }
    return layout.hunk(atRow: cursor)
  }

  /// The rows of the open selection, or nil.
  package var selectedRows: ClosedRange<Int>? {
    mark.map { min($0, cursor)...max($0, cursor) }
  }
}
