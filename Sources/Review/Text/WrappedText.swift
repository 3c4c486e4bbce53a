// Sentences broken into lines at blanks.

import CellGrid

package enum WrappedText {
  /// Breaks `text` into lines of at most `width` columns, at blanks; a word that is longer stands alone. Never empty.
  ///
  /// Columns are those of `SafeText`, so untrusted parts take the room that their spelling takes.
  package static func lines(_ text: String, width: Int) -> [String] {
    var result: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      var columns = 0
      for word in paragraph.split(separator: " ", omittingEmptySubsequences: true) {
        let wordColumns = SafeText(String(word), options: SafeText.Options(blankMarks: .none)).width
        if columns > 0, columns + 1 + wordColumns > width {
          result.append(line)
          line = ""
          columns = 0
        }
        line += columns == 0 ? String(word) : " \(word)"
        columns += columns == 0 ? wordColumns : wordColumns + 1
      }
      result.append(line)
    }
    return result
  }
}
