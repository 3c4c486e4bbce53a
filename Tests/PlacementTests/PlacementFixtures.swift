// Short ways to write answers, files and expectations in the tests of Placement.

import Placement

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// Lines of a text without their terminators; no lines for the empty text.
func lines(_ text: String) -> [[UInt8]] {
  text.isEmpty
    ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
}

func replace(
  _ search: String, _ replacement: String, path: String = "f.swift", hint: Int? = nil,
  scope: [String] = []
) -> EditBlock {
  block(
    .replace(
      LineReplacement(
        search: lines(search), replacement: lines(replacement), lineHint: hint,
        scope: scope.map(bytes))), path: path)
}

func block(_ edit: Edit, path: String = "f.swift") -> EditBlock {
  EditBlock(
    syntax: .searchReplace, path: bytes(path), edit: edit, answerRange: 0..<0, verbatim: [])
}

func placed(
  _ blocks: [EditBlock], in content: String, path: String = "f.swift", others: [String] = [],
  byHand: [Int: Range<Int>] = [:]
) -> PlacementOutcome {
  place(
    blocks: blocks, in: [OfferedFile(path: bytes(path), content: bytes(content))],
    existingPaths: PathIndex(([path] + others).map(bytes)), byHand: byHand)
}

extension PlacementOutcome {
  var onlyText: String? { changes.count == 1 ? text(changes[0].content) : nil }
  var onlyReason: PlacementRefusal? {
    changes.isEmpty && unplaced.count == 1 ? unplaced[0].reason : nil
  }
  var placements: [Placement] { changes.flatMap(\.placements) }
}

func parsed(
  _ answer: String, known: [String] = ["src/a.swift", "src/b.swift"], wholeFiles: Bool = false
) -> [EditBlock] {
  EditBlockParser.blocks(
    in: bytes(answer),
    EditBlockSettings(knownPaths: Set(known.map(bytes)), acceptsWholeFiles: wholeFiles))
}

/// One line per block: syntax, path and content, for comparison with a picture.
func picture(_ blocks: [EditBlock]) -> [String] {
  blocks.map { block in
    let path = text(block.path)
    let joined = { (lines: [[UInt8]]) in lines.map { text($0) }.joined(separator: "|") }
    return switch block.edit {
    case .replace(let edit):
      "\(path): \(joined(edit.search)) -> \(joined(edit.replacement))"
        + (edit.lineHint.map { " @\($0)" } ?? "")
        + (edit.scope.isEmpty ? "" : " in \(joined(edit.scope))")
    case .create(let lines): "\(path): new \(joined(lines))"
    case .wholeFile(let lines): "\(path): whole \(joined(lines))"
    case .delete: "\(path): delete"
    case .move(let target): "\(path): move \(text(target))"
    case .malformed(let reason): "\(path): malformed \(reason)"
    }
  }
}
