// Places the edit blocks of an answer in the offered files: located strictly, refused with a reason, never by likeness.

/// Sizes above which content is refused.
package struct PlacementLimits: Sendable, Equatable {
  /// For an offered file as well as for the text of one block.
  package var fileBytes: Int

  package init(fileBytes: Int = 5_000_000) { self.fileBytes = fileBytes }
}

/// Returns what the blocks change in the files, and the blocks that cannot be placed.
///
/// Every block is located in the offered content, so the order of blocks matters only where they collide: the earlier one stands.
/// `existingPaths` are all paths of the base, offered or not. `byHand` gives the lines that the human chose for a block, by block index.
///
/// The result differs from the offered content only in lines that a placed block quoted; all other bytes, the byte order mark, line
/// endings and a missing final newline stay.
package func place(
  blocks: [EditBlock], in files: [OfferedFile], existingPaths: PathIndex,
  byHand: [Int: Range<Int>] = [:], limits: PlacementLimits = PlacementLimits()
) -> PlacementOutcome {
  var ladder = PlacementLadder(files: files, existingPaths: existingPaths, limits: limits)
  for (index, block) in blocks.enumerated() {
    ladder.take(block, index: index, byHand: byHand[index])
  }
  return ladder.outcome()
}

/// Places one block on lines that the human chose, and nothing else.
package func placeByHand(
  _ block: EditBlock, at lineRange: Range<Int>, in files: [OfferedFile], existingPaths: PathIndex
) -> PlacementOutcome {
  place(blocks: [block], in: files, existingPaths: existingPaths, byHand: [0: lineRange])
}

/// The blocks taken so far and the files they are for.
private struct PlacementLadder {
  private let limits: PlacementLimits
  private var blocks: [EditBlock] = []
  private var paths: PathIndex
  private var works: [FileWork] = []
  private var workIndexes: [[UInt8]: Int] = [:]
  private var created: [(path: [UInt8], lines: [[UInt8]], blockIndex: Int)] = []
  private var unplaced: [UnplacedEdit] = []

  /// What is done to one offered file.
  private struct FileWork {
    let offered: OfferedFile
    let notText: PlacementRefusal?
    var placement: FilePlacement
    var movedTo: (path: [UInt8], blockIndex: Int)?
    var wholeFileBlock: Int?
    var deletedBy: Int?
  }

  init(files: [OfferedFile], existingPaths: PathIndex, limits: PlacementLimits) {
    self.limits = limits
    paths = existingPaths
    for file in files where workIndexes[file.path] == nil {
      paths.insert(file.path)
      workIndexes[file.path] = works.count
      let refusal = Self.refusal(of: file.content, limits)
      works.append(
        FileWork(
          offered: file, notText: refusal,
          placement: FilePlacement(path: file.path, content: refusal == nil ? file.content : [])))
    }
  }

  private static func refusal(of content: [UInt8], _ limits: PlacementLimits) -> PlacementRefusal? {
    if content.count > limits.fileBytes {
      return .tooLarge(byteCount: content.count, limit: limits.fileBytes)
    }
    if content.contains(0) { return .contentNotText(.nul) }
    guard String(validating: content, as: UTF8.self) != nil else {
      return .contentNotText(.invalidUTF8)
    }
    return nil
  }

  // MARK: Taking blocks

  mutating func take(_ block: EditBlock, index: Int, byHand: Range<Int>?) {
    blocks.append(block)
    do throws(PlacementRefusal) {
      try accept(block, index: index, byHand: byHand)
    } catch {
      var candidates: [PlacementCandidate] = []
      if case .replace(let edit) = block.edit, let work = workIndexes[block.path] {
        candidates = works[work].placement.candidates(for: edit, reason: error)
      }
      unplaced.append(
        UnplacedEdit(blockIndex: index, block: block, reason: error, candidates: candidates))
    }
  }

  private mutating func accept(
    _ block: EditBlock, index: Int, byHand: Range<Int>?
  ) throws(PlacementRefusal) {
    if case .malformed(let reason) = block.edit { throw .malformed(reason) }
    if let violation = PathSafety.violation(ofPath: block.path) { throw .pathUnsafe(violation) }
    switch block.edit {
    case .malformed(let reason):
      throw .malformed(reason)
    case .create(let lines):
      try create(block.path, lines, index: index)
    case .wholeFile(let lines):
      if exists(block.path) {
        try checkText(lines)
        try edit(block.path, index: index) { work throws(PlacementRefusal) in
          if let earlier = work.placement.firstPlacedBlock {
            throw .overlaps(blockIndex: earlier)
          }
          try work.placement.locateWholeFile(lines, blockIndex: index)
          work.wholeFileBlock = index
        }
      } else {
        try create(block.path, lines, index: index)
      }
    case .replace(let replacement):
      let isEmptyFile = workIndexes[block.path].map { works[$0].offered.content.isEmpty }
      if isEmptyFile ?? !exists(block.path), replacement.search.allSatisfy(Typography.isBlank) {
        return try create(block.path, replacement.replacement, index: index)
      }
      try checkText(replacement.search + replacement.replacement)
      try edit(block.path, index: index) { work throws(PlacementRefusal) in
        if let byHand {
          try work.placement.locate(replacement, blockIndex: index, byHandAt: byHand)
        } else {
          try work.placement.locate(replacement, blockIndex: index)
        }
      }
    case .delete:
      try delete(block.path, index: index)
    case .move(let target):
      try move(block.path, to: target, index: index)
    }
  }

  private func exists(_ path: [UInt8]) -> Bool {
    workIndexes[path] != nil || paths.contains(path)
  }

  private func checkText(_ lines: [[UInt8]]) throws(PlacementRefusal) {
    let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    if let refusal = Self.refusal(of: bytes, limits) { throw refusal }
  }

  /// The offered file of a path, which no earlier block may have deleted.
  private func workIndex(of path: [UInt8]) throws(PlacementRefusal) -> Int {
    guard let index = workIndexes[path] else {
      if let creation = created.first(where: { $0.path == path }) {
        throw .overlaps(blockIndex: creation.blockIndex)
      }
      throw paths.contains(path) ? .pathNotOffered : .fileAbsent
    }
    if let earlier = works[index].deletedBy { throw .overlaps(blockIndex: earlier) }
    return index
  }

  private mutating func edit(
    _ path: [UInt8], index: Int,
    _ change: (inout FileWork) throws(PlacementRefusal) -> Void
  ) throws(PlacementRefusal) {
    let work = try workIndex(of: path)
    if let earlier = works[work].wholeFileBlock { throw .overlaps(blockIndex: earlier) }
    if let refusal = works[work].notText { throw refusal }
    try change(&works[work])
  }

  private mutating func create(
    _ path: [UInt8], _ lines: [[UInt8]], index: Int
  ) throws(PlacementRefusal) {
    try checkText(lines)
    if let line = Elision.firstElision(in: lines, notIn: [], path: path) {
      throw .elision(line: line)
    }
    if let work = workIndexes[path], works[work].offered.content.isEmpty {
      return try edit(path, index: index) { work throws(PlacementRefusal) in
        try work.placement.locateWholeFile(lines, blockIndex: index)
        work.wholeFileBlock = index
      }
    }
    try checkNew(path)
    paths.insert(path)
    created.append((path, lines, index))
  }

  private func checkNew(_ path: [UInt8]) throws(PlacementRefusal) {
    if exists(path) { throw .fileExists }
    switch paths.collision(ofNew: path) {
    case .twin(let twin): throw .pathTwin(of: twin)
    case .kind(let other): throw .pathKindConflict(other)
    case nil: return
    }
  }

  private mutating func delete(_ path: [UInt8], index: Int) throws(PlacementRefusal) {
    let work = try workIndex(of: path)
    if let earlier = works[work].placement.firstPlacedBlock ?? works[work].movedTo?.blockIndex {
      throw .overlaps(blockIndex: earlier)
    }
    works[work].deletedBy = index
  }

  private mutating func move(
    _ path: [UInt8], to target: [UInt8], index: Int
  ) throws(PlacementRefusal) {
    if let violation = PathSafety.violation(ofPath: target) { throw .pathUnsafe(violation) }
    let work = try workIndex(of: path)
    if let earlier = works[work].movedTo { throw .overlaps(blockIndex: earlier.blockIndex) }
    guard path != target else { throw .noChange }
    try checkNew(target)
    paths.insert(target)
    works[work].movedTo = (target, index)
    workIndexes[target] = work
  }

  // MARK: Outcome

  func outcome() -> PlacementOutcome {
    var changes: [PlacedFile] = []
    var unplaced = unplaced
    for work in works {
      let resolution = work.placement.resolve()
      for refused in resolution.refused {
        unplaced.append(
          UnplacedEdit(
            blockIndex: refused.blockIndex, block: blocks[refused.blockIndex],
            reason: refused.reason, candidates: refused.candidates))
      }
      if let change = change(of: work, resolution) { changes.append(change) }
    }
    changes += created.map { creation in
      let ending = [UInt8(ascii: "\n")]
      return PlacedFile(
        path: creation.path, kind: .created, content: creation.lines.flatMap { $0 + ending },
        placements: [
          .ofWholeFile(creation.blockIndex, old: 0, new: creation.lines.count)
        ])
    }
    changes.sort { $0.path.lexicographicallyPrecedes($1.path) }
    unplaced.sort { $0.blockIndex < $1.blockIndex }
    return PlacementOutcome(changes: changes, unplaced: unplaced)
  }

  private func change(
    of work: FileWork, _ resolution: FilePlacement.Resolution
  ) -> PlacedFile? {
    let path = work.offered.path
    let lineCount = work.placement.file.lineCount
    if let deletion = work.deletedBy {
      return PlacedFile(
        path: path, kind: .deleted, content: [],
        placements: [.ofWholeFile(deletion, old: lineCount, new: 0)])
    }
    let content = work.notText == nil ? resolution.content : work.offered.content
    if let move = work.movedTo {
      let growth = resolution.placements.reduce(0) {
        $0 + $1.newLineRange.count - $1.oldLineRange.count
      }
      let placement = Placement.ofWholeFile(
        move.blockIndex, old: lineCount, new: lineCount + growth)
      return PlacedFile(
        path: move.path, kind: .moved(from: path), content: content,
        placements: [placement] + resolution.placements)
    }
    guard !resolution.placements.isEmpty else { return nil }
    return PlacedFile(
      path: path, kind: .modified, content: content, placements: resolution.placements)
  }
}

extension Placement {
  fileprivate static func ofWholeFile(
    _ blockIndex: Int, old: Int, new: Int
  ) -> Placement {
    Placement(
      blockIndex: blockIndex, oldLineRange: 0..<old, newLineRange: 0..<new, rung: .wholeFile,
      pin: nil, shrinksMuch: false)
  }
}
