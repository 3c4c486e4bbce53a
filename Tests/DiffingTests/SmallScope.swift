// Every pair of small files: the universe in which the laws are checked without exception.

import TestSupport
import Diffing

/// All pairs of files over the lines `a` and `b` with up to four lines.
///
/// Laws that hold for all of them hold for anything this small; almost every mistake in line arithmetic shows at this size.
enum SmallScope {
  /// How the lines of the two sides end.
  struct Endings: Sendable, CustomStringConvertible {
    var isTerminatedOld = true
    var isTerminatedNew = true
    var isCRLF = false

    static let lineFeed = Endings()

    /// Four kinds that differ in what they reach; a deep run takes all eight.
    static let all: [Endings] =
      [
        lineFeed,
        Endings(isTerminatedOld: false),
        Endings(isTerminatedNew: false),
        Endings(isTerminatedOld: false, isTerminatedNew: false, isCRLF: true),
      ]
      + (!Depth.isDeep
        ? []
        : [
          Endings(isTerminatedOld: false, isTerminatedNew: false),
          Endings(isCRLF: true),
          Endings(isTerminatedNew: false, isCRLF: true),
          Endings(isTerminatedOld: false, isCRLF: true),
        ])

    var description: String {
      let ends = [isTerminatedOld, isTerminatedNew].map { $0 ? "ended" : "open" }
      return (isCRLF ? "CRLF, " : "LF, ") + ends.joined(separator: " -> ")
    }
  }

  struct Pair: Sendable, CustomStringConvertible {
    let old: [UInt8]
    let new: [UInt8]

    var description: String {
      [old, new].map { String(decoding: $0, as: UTF8.self).debugDescription }
        .joined(separator: " -> ")
    }

    var diff: FileDiff { FileDiff.between(TextFile(old), TextFile(new)) }
  }

  /// The 31 sequences of up to four letters.
  static let words: [[UInt8]] = (0...4).flatMap { length in
    (0..<(1 << length)).map { bits in
      (0..<length).map { bits >> $0 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b") }
    }
  }

  /// The 961 pairs with the given line ends.
  static func pairs(_ endings: Endings) -> [Pair] {
    let old = words.map { file($0, isCRLF: endings.isCRLF, isTerminated: endings.isTerminatedOld) }
    let new = words.map { file($0, isCRLF: endings.isCRLF, isTerminated: endings.isTerminatedNew) }
    return old.flatMap { left in new.map { Pair(old: left, new: $0) } }
  }

  /// Every subset of the changed lines of `diff`.
  static func selections(of diff: FileDiff) -> some Sequence<LineSelection> {
    (0..<(1 << diff.changedLineCount)).lazy.map { bits in
      LineSelection((0..<diff.changedLineCount).filter { bits >> $0 & 1 == 1 })
    }
  }

  /// The lines of `word`; only the last may be without its terminator.
  static func file(_ word: [UInt8], isCRLF: Bool = false, isTerminated: Bool = true) -> [UInt8] {
    let terminator: [UInt8] = isCRLF ? [13, 10] : [10]
    let lines = word.map { [$0] + terminator }.joined()
    return isTerminated ? Array(lines) : Array(lines.dropLast(terminator.count))
  }
}
