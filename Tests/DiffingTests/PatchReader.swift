// A small reader of unified hunks, for checking the printer; it shares nothing with it.

/// The hunks of a printed patch of one file, strictly read.
struct PatchReader {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  struct Hunk: Equatable {
    /// 0-based first line; for an empty range the line before which it stands.
    let oldStart: Int
    let newStart: Int
    var old: [[UInt8]] = []
    var new: [[UInt8]] = []
    var signs: [UInt8] = []
  }

  let hunks: [Hunk]

  init(_ patch: [UInt8]) throws {
    var lines = ScriptOracle.lines(patch)[...]
    var hunks: [Hunk] = []
    while let header = lines.popFirst() {
      let numbers = try Self.numbers(header)
      var hunk = Hunk(
        oldStart: numbers[0] - (numbers[1] == 0 ? 0 : 1),
        newStart: numbers[2] - (numbers[3] == 0 ? 0 : 1))
      while hunk.old.count < numbers[1] || hunk.new.count < numbers[3] {
        guard var line = lines.popFirst(), let sign = line.first else {
          throw Failure(description: "the patch ends inside a hunk")
        }
        line.removeFirst()
        if let next = lines.first, next.first == UInt8(ascii: "\\") {
          guard next == Array("\\ No newline at end of file\n".utf8), line.popLast() == 10 else {
            throw Failure(description: "a malformed end-of-file mark")
          }
          lines.removeFirst()
        }
        hunk.signs.append(sign)
        if sign != UInt8(ascii: "+") { hunk.old.append(line) }
        if sign != UInt8(ascii: "-") { hunk.new.append(line) }
        guard [UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(sign) else {
          throw Failure(description: "an unknown sign \(sign)")
        }
      }
      guard hunk.old.count == numbers[1], hunk.new.count == numbers[3] else {
        throw Failure(description: "a count that its lines do not have")
      }
      hunks.append(hunk)
    }
    self.hunks = hunks
  }

  /// Replaces the old lines of each hunk by its new lines, at exactly the place it names.
  func applied(to base: [UInt8]) throws -> [UInt8] {
    let lines = ScriptOracle.lines(base)
    var result: [[UInt8]] = []
    var next = 0
    for hunk in hunks {
      guard hunk.oldStart >= next, hunk.oldStart + hunk.old.count <= lines.count else {
        throw Failure(description: "a hunk outside of the file or over the one before")
      }
      result += lines[next..<hunk.oldStart]
      guard result.count == hunk.newStart else {
        throw Failure(description: "new start \(hunk.newStart), but \(result.count) lines before")
      }
      guard Array(lines[hunk.oldStart..<hunk.oldStart + hunk.old.count]) == hunk.old else {
        throw Failure(description: "old lines that are not in the file")
      }
      result += hunk.new
      next = hunk.oldStart + hunk.old.count
    }
    result += lines[next...]
    return result.flatMap { $0 }
  }

  /// The four numbers of `@@ -a,b +c,d @@`; a count that is left out means 1.
  private static func numbers(_ header: [UInt8]) throws -> [Int] {
    let text = String(decoding: header, as: UTF8.self)
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 4, words[0] == "@@", words[3] == "@@\n", words[1].first == "-",
      words[2].first == "+"
    else { throw Failure(description: "no hunk header: \(text)") }
    return try words[1...2].flatMap { word -> [Int] in
      let parts = word.dropFirst().split(separator: ",").map { Int($0) }
      switch parts.count {
      case 1: if let start = parts[0] { return [start, 1] }
      case 2: if let start = parts[0], let count = parts[1] { return [start, count] }
      default: break
      }
      throw Failure(description: "no range: \(word)")
    }
  }
}
