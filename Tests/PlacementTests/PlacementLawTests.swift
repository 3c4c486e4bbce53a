import Placement
import Testing

/// Every list of up to `count` lines over {a, b}.
private func allLines(upTo count: Int) -> [[String]] {
  var all: [[String]] = [[]]
  var last: [[String]] = [[]]
  for _ in 0..<count {
    last = last.flatMap { [$0 + ["a"], $0 + ["b"]] }
    all += last
  }
  return all
}

/// How a list of lines is written as a file.
private enum Form: String, CaseIterable {
  case plain, withoutFinalNewline, carriageReturns, byteOrderMark

  func write(_ lines: [String]) -> [UInt8] {
    let ending = self == .carriageReturns ? "\r\n" : "\n"
    var content = lines.joined(separator: ending)
    if self != .withoutFinalNewline, !lines.isEmpty { content += ending }
    return bytes((self == .byteOrderMark ? "\u{FEFF}" : "") + content)
  }
}

@Suite struct PlacementLawTests {
  /// The law, on every file, SEARCH and REPLACE of the small scope, against a search that tries every line.
  @Test(arguments: Form.allCases)
  private func `the result is the file with the located range replaced`(form: Form) {
    let sides = allLines(upTo: form == .plain ? 3 : 2)
    for file in allLines(upTo: form == .plain ? 4 : 3) {
      let offered = [OfferedFile(path: bytes("f"), content: form.write(file))]
      for search in sides where !search.isEmpty {
        let starts = file.indices.filter { file[$0...].starts(with: search) }
        for replacement in sides {
          let outcome = place(
            blocks: [
              replace(
                search.joined(separator: "\n"), replacement.joined(separator: "\n"), path: "f")
            ], in: offered, existingPaths: PathIndex())
          if search == replacement {
            #expect(outcome.onlyReason == .noChange)
          } else if starts.count > 1 {
            #expect(outcome.onlyReason == .ambiguous(placeCount: starts.count, rung: .exact))
          } else if let start = starts.first {
            var result = file
            result.replaceSubrange(start..<start + search.count, with: replacement)
            var expected = form.write(result)
            // A context line keeps its newline when the unterminated line below it goes.
            if form == .withoutFinalNewline, start + search.count == file.count,
              replacement.count < search.count, !result.isEmpty,
              outcome.changes.first?.content.last == UInt8(ascii: "\n")
            {
              expected.append(UInt8(ascii: "\n"))
            }
            #expect(outcome.changes.first?.content == expected)
            #expect(outcome.placements.map(\.oldLineRange) == [start..<start + search.count])
            #expect(
              outcome.placements.map(\.newLineRange) == [start..<start + replacement.count])
          } else {
            #expect(outcome.changes.isEmpty && outcome.unplaced.count == 1)
          }
        }
      }
    }
  }

  /// Two blocks in one file: what is placed is the same as replacing their ranges one after the other, from the end.
  @Test func `two blocks that do not collide act independently`() {
    let sides = [["a"], ["b"], ["a", "b"], ["b", "a"]]
    for file in allLines(upTo: 4) where file.count == 4 {
      for first in sides {
        for second in sides {
          let edits = [(first, ["x"] + first), (second, [String]())]
          let outcome = place(
            blocks: edits.map {
              replace($0.0.joined(separator: "\n"), $0.1.joined(separator: "\n"), path: "f")
            },
            in: [OfferedFile(path: bytes("f"), content: Form.plain.write(file))],
            existingPaths: PathIndex())
          guard let change = outcome.changes.first else { continue }
          var result = file
          let ordered = change.placements.sorted {
            $0.oldLineRange.lowerBound > $1.oldLineRange.lowerBound
          }
          for placement in ordered {
            let edit = edits[placement.blockIndex]
            #expect(Array(file[placement.oldLineRange]) == edit.0)
            result.replaceSubrange(placement.oldLineRange, with: edit.1)
          }
          if change.placements.count == 1
            || !change.placements[0].oldLineRange.overlaps(change.placements[1].oldLineRange)
          {
            #expect(change.content == Form.plain.write(result))
          }
          for placement in change.placements {
            let count = placement.newLineRange.count
            #expect(count == edits[placement.blockIndex].1.count)
          }
        }
      }
    }
  }
}
