// One constant difference in indentation between quoted lines and the file.

/// Blanks that the file has in front of every line and the answer lacks, or the other way round.
enum IndentationShift: Equatable {
  case none
  case adds([UInt8])
  case removes([UInt8])

  /// Returns the shift that turns every line of `quoted` into its line of `found`, if one and the same does for all that are not blank.
  ///
  /// - Precondition: the two have the same number of lines, equal but for indentation and trailing blanks.
  static func between(
    _ quoted: [[UInt8]], _ found: ArraySlice<ArraySlice<UInt8>>
  ) -> IndentationShift? {
    var shift: IndentationShift?
    for (quotedLine, foundLine) in zip(quoted, found) where !foundLine.isBlankLine {
      guard let here = between(quotedLine[...].indentation, foundLine.indentation) else {
        return nil
      }
      if let shift, shift != here { return nil }
      shift = here
    }
    return shift
  }

  private static func between(
    _ quoted: ArraySlice<UInt8>, _ found: ArraySlice<UInt8>
  ) -> IndentationShift? {
    if quoted.elementsEqual(found) { return IndentationShift.none }
    if found.count > quoted.count, found.suffix(quoted.count).elementsEqual(quoted) {
      return .adds(Array(found.dropLast(quoted.count)))
    }
    if quoted.count > found.count, quoted.suffix(found.count).elementsEqual(found) {
      return .removes(Array(quoted.dropLast(found.count)))
    }
    return nil
  }

  /// Returns the line shifted, or nil when it lacks the blanks to be removed; blank lines stay as they are.
  func applied(to line: [UInt8]) -> [UInt8]? {
    guard !line[...].isBlankLine else { return line }
    switch self {
    case .none: return line
    case .adds(let blanks): return blanks + line
    case .removes(let blanks):
      return line.starts(with: blanks) ? Array(line.dropFirst(blanks.count)) : nil
    }
  }
}
