// One changed line by its index, for tests that look at single lines.

package import Diffing
import Review

extension FileDiff {
  /// The changed line with index `index`. O(lines of its group).
  package func changedLine(at index: Int) -> ChangedLine {
    guard let found = changedLines(at: [index]).first else {
      preconditionFailure("no changed line \(index)")
    }
    return found.line
  }
}
