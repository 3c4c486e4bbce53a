// Proposals drawn at random: few lines, much that is odd about them.

package import TestSupport
import Approval

extension MadeProposal {
  /// A proposal of one to five files with edits all over.
  package static func random(_ random: inout SeededRandom) -> MadeProposal {
    let count = Int.random(in: 1...5, using: &random)
    let files = (0..<count).compactMap { MadeFile.random(number: $0, &random) }
    return MadeProposal(
      files.isEmpty ? [MadeFile("only.txt", old: nil, new: MadeSide("a\n"))] : files)
  }
}

extension MadeFile {
  /// A made-up file; nil when drawing gave two equal sides.
  fileprivate static func random(number: Int, _ random: inout SeededRandom) -> MadeFile? {
    let path = "\(random.pick(["src/", "a/very/long/path/to/", "", "täg/"]))file\(number).txt"
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      return MadeFile(path, old: nil, new: MadeSide(lines(1...30, &random)))
    case 1:
      return MadeFile(path, old: MadeSide(lines(1...12, &random)), new: nil)
    case 2:
      return MadeFile(path, old: MadeSide([0, 1]), new: MadeSide([0, UInt8(number), 2]))
    case 3:
      return MadeFile(path, old: nil, new: MadeSide("../target", .symlink))
    default:
      let old = lines(1...60, &random)
      let new = edited(old, &random)
      let mode: FileMode = random.oneIn(6) ? .executable : .regular
      guard old != new || mode != .regular else { return nil }
      return MadeFile(path, old: MadeSide(old), new: MadeSide(new, mode))
    }
  }

  private static func lines(_ range: ClosedRange<Int>, _ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: range, using: &random) { bytes += line(&random) }
    return bytes
  }

  private static func line(_ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8]
    switch Int.random(in: 0..<24, using: &random) {
    case 0: bytes = Array("漢字かな交じり文 wide".utf8)
    case 1: bytes = Array("\ttab\tbed  ".utf8)
    case 2: bytes = [0x66, 0xFF, 0xFE, 0x67]
    case 3: bytes = Array("a\u{202E}b\u{200B}c e\u{301}\u{302}\u{303}".utf8)
    case 4: bytes = []
    case 5: bytes = Array("carriage\r".utf8)
    case 6: bytes = Array(longLine(words: Int.random(in: 20...160, using: &random)).utf8)
    default:
      bytes = Array("let value\(Int.random(in: 0..<40, using: &random)) = compute()".utf8)
    }
    return bytes + [UInt8(ascii: "\n")]
  }

  /// Words that are all different, so that a piece of the line has one place.
  private static func longLine(words: Int) -> String {
    (0..<words).map { "word\($0)" }.joined(separator: " ")
  }

  private static func edited(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var result: [UInt8] = []
    for kept in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: break
      case 1: result += line(&random)
      case 2: result += kept + Array(" changed\n".utf8)
      case 3: result += kept + [UInt8(ascii: "\n")] + line(&random)
      default: result += kept + [UInt8(ascii: "\n")]
      }
    }
    if random.oneIn(5), result.last == UInt8(ascii: "\n") { result.removeLast() }
    return result
  }
}
