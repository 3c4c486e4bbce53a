// Writes edits as a model would, in every notation and with its sloppiness.

import TestSupport
import Placement

/// The notations of edits in one file.
enum Dialect: CaseIterable {
  case searchReplace
  case unifiedDiff
  case applyPatch

  /// Whether the notation has line numbers, and names of surroundings.
  var hasHints: Bool { self != .searchReplace }
  var hasScopes: Bool { self == .applyPatch }
}

/// An answer, and the edits a reader has to find in it.
struct WrittenAnswer {
  let bytes: [UInt8]
  let edits: [LineReplacement]
  /// Whether the answer's own signs tell where it ends, so that one that is cut short is seen to be.
  let tellsItsEnd: Bool
}

/// Draws the freedom that a notation leaves.
struct AnswerWriter {
  var random: SeededRandom
  private var lines: [[UInt8]] = []
  private var tellsItsEnd = true

  init(_ random: SeededRandom) { self.random = random }

  mutating func write(_ edits: [LineReplacement], path: String, as dialect: Dialect)
    -> WrittenAnswer
  {
    lines = random.oneIn(2) ? [bytes("I'll change `f`."), []] : []
    let usesCRLF = random.oneIn(5)
    switch dialect {
    case .searchReplace: writeBlocks(edits, path)
    case .unifiedDiff: writeDiff(edits, path)
    case .applyPatch: writePatch(edits, path)
    }
    if random.oneIn(2) { lines += [[], bytes("That is all.")] }
    let ending = bytes(usesCRLF ? "\r\n" : "\n")
    var answer = lines.flatMap { $0 + ending }
    if random.oneIn(4) { answer.removeLast(ending.count) }
    // A CR before LF belongs to the line ending where lines have signs.
    let dropsReturns = dialect != .searchReplace && !usesCRLF
    return WrittenAnswer(
      bytes: answer,
      edits: edits.map { edit in
        guard dropsReturns else { return edit }
        return LineReplacement(
          search: edit.search.map(Reference.withoutReturn),
          replacement: edit.replacement.map(Reference.withoutReturn), lineHint: edit.lineHint,
          scope: edit.scope)
      }, tellsItsEnd: tellsItsEnd)
  }

  private mutating func openFence(_ note: String) -> [UInt8] {
    let fence = random.pick(["```", "````", "~~~", "~~~~~~"])
    lines.append(bytes(fence + note))
    return bytes(fence)
  }

  private static func repeated(_ sign: String, _ count: Int, _ word: String = "") -> [UInt8] {
    bytes(String(repeating: sign, count: count) + word)
  }

  // MARK: SEARCH/REPLACE

  private mutating func writeBlocks(_ edits: [LineReplacement], _ path: String) {
    // Markers as long as lines of the content would be read as markers.
    let length = random.pick([5, 6, 8, 9])
    var isBelowBlock = false
    for edit in edits {
      let all = edit.search + edit.replacement
      let holdsMarkers = all.contains { [61, 62, 60].contains($0.first ?? 0) }
      if holdsMarkers { tellsItsEnd = false }
      let length = holdsMarkers || random.oneIn(3) ? length : 7
      let isFenced = random.oneIn(2)
      var fence: [UInt8] = []
      let pathIsInside = isFenced && random.oneIn(3)
      if isFenced, pathIsInside { fence = openFence(random.pick(["", "swift", " text"])) }
      if !(isBelowBlock && random.oneIn(2)) {
        lines.append(
          bytes(
            random.pick([
              path, "**\(path)**", "`\(path)`:", "### \(path)", "File: `\(path)`", "./\(path)",
              "- `\(path)`", "a/\(path)", "// \(path)", "Change `\(path)` so:", "Filename: \(path)",
            ])))
      }
      if isFenced, !pathIsInside { fence = openFence(random.pick(["", "swift", " text"])) }
      lines.append(Self.repeated("<", length, random.pick([" SEARCH", " SEARCH>", " SEARCH "])))
      lines += edit.search
      lines.append(Self.repeated("=", length, random.pick(["", " "])))
      lines += edit.replacement
      lines.append(Self.repeated(">", length, " REPLACE"))
      if isFenced { lines.append(fence) }
      isBelowBlock = true
      if random.oneIn(3) {
        lines += [[], bytes("And the next one.")]
        isBelowBlock = false
      }
    }
  }

  // MARK: Patches

  /// The lines of an edit with signs: what both sides share at the ends is context, or removed and added again.
  private mutating func signed(_ edit: LineReplacement) -> [[UInt8]] {
    let shorter = min(edit.search.count, edit.replacement.count)
    var (above, below) = (0, 0)
    if !random.oneIn(4) {
      while above < shorter, edit.search[above] == edit.replacement[above] { above += 1 }
      while below < shorter - above,
        edit.search[edit.search.count - 1 - below]
          == edit.replacement[edit.replacement.count - 1 - below]
      { below += 1 }
    }
    let context = { (line: [UInt8]) in bytes(" ") + line }
    var removed = edit.search[above..<edit.search.count - below].map { bytes("-") + $0 }
    var added = edit.replacement[above..<edit.replacement.count - below].map { bytes("+") + $0 }
    if random.oneIn(6) { (removed, added) = (added, removed) }
    var signed =
      edit.search.prefix(above).map(context) + removed + added
      + edit.search.suffix(below).map(context)
    // Models lose the blank of a blank context line; at the end it would belong to the text below.
    for index in signed.indices.dropLast() where signed[index] == bytes(" ") {
      if random.oneIn(3), signed[(index + 1)...].contains(where: { $0 != bytes(" ") }) {
        signed[index] = []
      }
    }
    if random.oneIn(8) { signed.append(bytes("\\ No newline at end of file")) }
    return signed
  }

  private mutating func writeDiff(_ edits: [LineReplacement], _ path: String) {
    let fence = random.oneIn(3) ? nil : openFence("diff")
    if fence == nil { tellsItsEnd = false }
    for (index, edit) in edits.enumerated() {
      if index == 0 || random.oneIn(4) { writeDiffHeader(path) }
      let signed = signed(edit)
      // Lines like headers are told from headers by the counts.
      let needsCounts = (edit.search + edit.replacement).contains {
        $0.starts(with: bytes("--")) || $0.starts(with: bytes("++"))
      }
      let isWrong = !needsCounts && random.oneIn(3)
      if isWrong { tellsItsEnd = false }
      let counts = [edit.search.count, edit.replacement.count].map {
        isWrong ? max(0, $0 + random.below(5) - 2) : $0
      }
      // Without a number that it could have, a line gets one that no line has.
      if let hint = edit.lineHint {
        lines.append(
          bytes("@@ -\(hint + 1),\(counts[0]) +\(hint + 1),\(counts[1]) @@ f()"))
      } else {
        lines.append(bytes(random.pick(["@@ @@", "@@ ... @@", "@@"])))
      }
      lines += signed
    }
    if let fence { lines.append(fence) }
    // Below a hunk only a line that cannot be one ends it.
    if fence == nil { lines.append(bytes("Done.")) }
  }

  private mutating func writeDiffHeader(_ path: String) {
    switch random.below(5) {
    case 0: lines += [bytes("--- \(path)"), bytes("+++ \(path)")]
    case 1: lines += [bytes("--- a/\(path)"), bytes("+++ a/\(path)")]
    case 2:
      lines += [
        bytes("diff --git a/\(path) b/\(path)"), bytes("index 1234567..89abcde 100644"),
        bytes("--- a/\(path)"), bytes("+++ b/\(path)"),
      ]
    case 3: lines += [bytes("--- a/\(path)\t2026-01-01"), bytes("+++ b/\(path)\t2026-01-01")]
    default: lines += [bytes("--- a/\(path)"), bytes("+++ b/\(path)")]
    }
  }

  private mutating func writePatch(_ edits: [LineReplacement], _ path: String) {
    let fence = random.oneIn(2) ? openFence(random.pick(["", "bash"])) : nil
    if random.oneIn(3) { lines.append(bytes("apply_patch <<'EOF'")) }
    lines.append(bytes("*** Begin Patch"))
    for (index, edit) in edits.enumerated() {
      if index == 0 || random.oneIn(4) { lines.append(bytes("*** Update File: \(path)")) }
      if let hint = edit.lineHint {
        lines.append(bytes("@@ -\(hint + 1),1 +\(hint + 1),1 @@"))
      } else if edit.scope.isEmpty {
        lines.append(bytes("@@"))
      }
      lines += edit.scope.map { bytes("@@ ") + $0 }
      lines += signed(edit)
      if random.oneIn(6) { lines.append(bytes("*** End of File")) }
    }
    lines.append(bytes("*** End Patch"))
    if let fence { lines.append(fence) }
  }
}
