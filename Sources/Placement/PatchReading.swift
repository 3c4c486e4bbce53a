// How the parser goes through apply_patch envelopes and unified diffs.

extension EditBlockParser {
  func sectionLine(_ line: AnswerLine) -> UnifiedDiffSection.Line {
    UnifiedDiffSection.Line(start: line.start, end: line.end, content: Array(content(line)))
  }

  // MARK: apply_patch

  mutating func openPatch(with header: AnswerLine?) {
    patchSection = ApplyPatchSection()
    if let header { patchSection.take(sectionLine(header)) }
    state = .patch
  }

  mutating func handleInPatch(_ line: AnswerLine) {
    let text = content(line)
    switch ApplyPatchSection.kind(of: text) {
    case .end:
      closePatch(isComplete: true)
    case .header, .begin:
      closePatch(isComplete: true)
      openPatch(with: ApplyPatchSection.kind(of: text) == .header ? line : nil)
    case .other:
      // A context line begins with a blank, so that a fence with one is content.
      let closesFence =
        surroundings.openFence.map {
          text.first == $0.sign && FenceLine(text)?.closes($0) ?? false
        } ?? false
      var startsBlock = false
      if case .search = MarkerLine.read(text) { startsBlock = true }
      guard closesFence || startsBlock else {
        patchSection.take(sectionLine(line))
        let finished = patchSection.takeFinishedBlocks()
        if !finished.isEmpty { append(finished, syntax: .applyPatch) }
        return
      }
      closePatch(isComplete: closesFence)
      handleOutside(line)
    }
  }

  mutating func closePatch(isComplete: Bool) {
    state = .outside
    append(patchSection.finish(isComplete: isComplete), syntax: .applyPatch)
  }

  // MARK: Unified diffs

  mutating func openDiff(_ line: AnswerLine, path: [UInt8]?) {
    diffSection = UnifiedDiffSection(
      fallbackPath: path, insideFence: surroundings.openFence != nil,
      knownPaths: settings.knownPaths)
    _ = diffSection.take(sectionLine(line))
    state = .diff
  }

  mutating func handle(_ line: AnswerLine, afterPerhapsDiff header: AnswerLine) {
    state = .outside
    if content(line).startsWith("+++ ") {
      openDiff(header, path: nil)
    } else {
      surroundings.lastLine = header
      surroundings.pathOfBlockAbove = nil
    }
    handle(line)
  }

  mutating func handleInDiff(_ line: AnswerLine) {
    if diffSection.take(sectionLine(line)) {
      let finished = diffSection.takeFinishedBlocks()
      if !finished.isEmpty { append(finished, syntax: .unifiedDiff) }
    } else {
      reader.move(to: line.start)
      closeDiff(.complete)
    }
  }

  mutating func closeDiff(_ ending: UnifiedDiffSection.Ending) {
    state = .outside
    append(diffSection.finish(ending), syntax: .unifiedDiff)
    if let next = diffSection.heldFrom { reader.move(to: next) }
  }
}
