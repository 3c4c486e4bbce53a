// Files as a model or a person would change them, drawn from a seed.

import TestSupport
import Diffing

/// Draws pairs of files in which the second is the first after some edits.
struct RandomFiles {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed) }

  /// A pair with up to `lineCount` lines drawn from `vocabulary` different ones; endings vary.
  mutating func pair(lineCount: Int, vocabulary: Int) -> (old: [UInt8], new: [UInt8]) {
    let old = (0..<Int.random(in: 0...lineCount, using: &random)).map { _ in word(vocabulary) }
    var new = old
    for _ in 0..<Int.random(in: 0...max(1, lineCount / 8), using: &random) {
      let place = Int.random(in: 0...new.count, using: &random)
      let length = Int.random(in: 0...3, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: new.removeSubrange(place..<min(new.count, place + length))
      case 1: new.insert(contentsOf: (0..<length).map { _ in word(vocabulary) }, at: place)
      case 2: for line in place..<min(new.count, place + length) { new[line] = word(vocabulary) }
      default:
        let moved = Array(new[place..<min(new.count, place + length)])
        new.removeSubrange(place..<place + moved.count)
        new.insert(contentsOf: moved, at: Int.random(in: 0...new.count, using: &random))
      }
    }
    return (file(old), file(new))
  }

  mutating func selection(of diff: FileDiff) -> LineSelection {
    let share = Int.random(in: 0...4, using: &random)
    return LineSelection(
      (0..<diff.changedLineCount).filter { _ in Int.random(in: 0..<4, using: &random) < share })
  }

  private mutating func word(_ vocabulary: Int) -> [UInt8] {
    let number = Int.random(in: 0..<vocabulary, using: &random)
    guard number > 0 else { return [] }
    return Array("\(String(repeating: " ", count: number % 3 * 2))let name\(number) = f(x)".utf8)
  }

  private mutating func file(_ lines: [[UInt8]]) -> [UInt8] {
    let style = Int.random(in: 0..<8, using: &random)
    let terminator: [UInt8] = style < 2 ? [13, 10] : [10]
    let joined = lines.flatMap { $0 + terminator }
    return style % 4 == 1 ? Array(joined.dropLast(terminator.count)) : joined
  }
}
