// Moves pure insertions and deletions to where a reader expects them.

/// Slides changes that could stand in several places to the most readable one.
///
/// When the line before a run equals the run's last line, the run can move up by one without changing either file. Of all such places
/// the one whose ends lie at a blank line or at the smallest indentation is taken, the lower one when equal, as git does.
struct ChangeSliding {
  private static let maximumShift = 60

  let old: TextFile
  let new: TextFile
  let oldNumbers: [Int32]
  let newNumbers: [Int32]

  func slid(_ changes: [LineChange]) -> [LineChange] {
    var result = changes
    for index in result.indices {
      let change = result[index]
      guard change.old.isEmpty != change.new.isEmpty else { continue }
      let floor = index == 0 ? 0 : result[index - 1].old.upperBound + 1
      let ceiling = index + 1 == result.count ? old.lineCount : result[index + 1].old.lowerBound - 1
      result[index] = best(for: change, oldLinesBetween: floor, and: ceiling)
    }
    return result
  }

  private func best(for change: LineChange, oldLinesBetween floor: Int, and ceiling: Int)
    -> LineChange
  {
    let isInsertion = change.old.isEmpty
    let run = isInsertion ? change.new : change.old
    let numbers = isInsertion ? newNumbers : oldNumbers
    let file = isInsertion ? new : old

    var up = 0
    while up < Self.maximumShift, change.old.lowerBound - up > floor, run.lowerBound - up > 0,
      numbers[run.lowerBound - up - 1] == numbers[run.upperBound - up - 1]
    {
      up += 1
    }
    var down = 0
    while down < Self.maximumShift, change.old.upperBound + down < ceiling,
      run.upperBound + down < numbers.count,
      numbers[run.lowerBound + down] == numbers[run.upperBound + down]
    {
      down += 1
    }
    guard up + down > 0 else { return change }

    var bestShift = 0
    var bestScore = Int.max
    for shift in -up...down {
      let score =
        boundaryScore(file, before: run.lowerBound + shift)
        + boundaryScore(file, before: run.upperBound + shift)
      if score <= bestScore {
        bestScore = score
        bestShift = shift
      }
    }
    return LineChange(
      old: change.old.lowerBound + bestShift..<change.old.upperBound + bestShift,
      new: change.new.lowerBound + bestShift..<change.new.upperBound + bestShift)
  }

  /// How badly the place before `line` serves as a boundary; smaller is better.
  private func boundaryScore(_ file: TextFile, before line: Int) -> Int {
    guard line > 0, line < file.lineCount else { return 0 }
    let afterBlank = isBlank(file.lineContent(line - 1))
    // A blank line belongs to the block whose text follows it.
    let text = (line..<min(line + Self.maximumShift, file.lineCount)).first {
      !isBlank(file.lineContent($0))
    }
    let block = text.map { indentation(of: file.lineContent($0)) * 4 } ?? 0
    guard text == line else { return block + (afterBlank ? 1 : 3) }
    return block + (afterBlank ? 0 : 6)
  }

  private func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 13 }
  }

  private func indentation(of line: ArraySlice<UInt8>) -> Int {
    var columns = 0
    for byte in line {
      switch byte {
      case UInt8(ascii: " "): columns += 1
      case UInt8(ascii: "\t"): columns += 8 - columns % 8
      default: return columns
      }
    }
    return columns
  }
}
