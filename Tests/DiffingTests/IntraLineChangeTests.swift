// The changed spans inside a pair of lines.

import TestSupport
import Diffing
import Testing

struct IntraLineChangeTests {
  private static func spans(_ old: String, _ new: String) -> IntraLineChange? {
    // Slices with a start other than 0, as lines of a file are.
    let left = Array("####\(old)".utf8)[4...]
    let right = Array("##\(new)".utf8)[2...]
    return IntraLineChange.between(left, right)
  }

  private static func text(_ line: String, _ spans: [Range<Int>]) -> [String] {
    spans.map { String(decoding: Array(line.utf8)[$0], as: UTF8.self) }
  }

  @Test(arguments: [
    ("let width = 1", "let width = 10", ["1"], ["10"]),
    ("total += entry.amount", "total += entry.amount * rate", [], [" * rate"]),
    ("if a { b() }", "if c { b() }", ["a"], ["c"]),
    ("call(one, two, three)", "call(one, three)", [" two,"], []),
    ("return naïve", "return naive", ["naïve"], ["naive"]),
  ])
  func `the changed words of a pair are found`(
    _ old: String, _ new: String, _ removed: [String], _ added: [String]
  ) throws {
    let change = try #require(Self.spans(old, new))
    #expect(
      Self.text(old, change.removedSpans).map { $0.filter { $0 != " " } }
        == removed.map { $0.filter { $0 != " " } })
    #expect(
      Self.text(new, change.addedSpans).map { $0.filter { $0 != " " } }
        == added.map { $0.filter { $0 != " " } })
    #expect(!change.isWhitespaceOnly)
  }

  @Test(arguments: [
    ("  a = b", "    a = b"), ("a = b", "a = b  "), ("a\tb", "a b"), ("f(a,b)", "f(a, b)"),
    ("let x = 1", "let x = 1\r"), ("x", "\t\t\t\t\t\tx"),
  ])
  func `a difference in blanks alone is flagged`(_ old: String, _ new: String) throws {
    #expect(try #require(Self.spans(old, new)).isWhitespaceOnly)
  }

  @Test(arguments: [("a b", "a  c"), ("a b", "ab"), ("\u{a0}x y z", " x y z")])
  func `a difference in more than blanks is not flagged`(_ old: String, _ new: String) {
    #expect(Self.spans(old, new)?.isWhitespaceOnly != true)
  }

  @Test func `lines that share too little have no spans`() {
    #expect(Self.spans("completely different", "nothing(in: common)") == nil)
  }

  @Test func `a very long line is compared without delay and keeps its common ends`() throws {
    let old =
      String(repeating: "word ", count: 6_000) + "old" + String(repeating: " tail", count: 9)
    let new =
      String(repeating: "word ", count: 6_000) + "new" + String(repeating: " tail", count: 9)
    let change = try #require(Self.spans(old, new))
    #expect(Self.text(old, change.removedSpans) == ["old"])
    #expect(Self.text(new, change.addedSpans) == ["new"])
  }

  @Test func `a blank more in a very long line is flagged as blanks only`() throws {
    let line = String(repeating: "word ", count: 6_000) + "end"
    #expect(try #require(Self.spans(line, "  " + line)).isWhitespaceOnly)
    #expect(try #require(Self.spans(line, line + "!")).isWhitespaceOnly == false)
  }

  @Test(arguments: Depth.seeds(4, deep: 40))
  func `spans lie inside their line, ascend, and leave equal bytes between`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let words = ["let ", "x", " ", "\t", "= ", "foo", "(", ")", "é", "\u{1f600}", "\r", "0"]
    for _ in 0..<400 {
      let tokens = (0..<Int.random(in: 0...14, using: &random)).map { _ in
        words.randomElement(using: &random)!
      }
      var other = tokens
      for _ in 0..<Int.random(in: 0...3, using: &random) where !other.isEmpty {
        let place = other.indices.randomElement(using: &random)!
        if Bool.random(using: &random) {
          other[place] = words.randomElement(using: &random)!
        } else {
          other.remove(at: place)
        }
      }
      let (old, new) = (tokens.joined(), other.joined())
      guard let change = Self.spans(old, new) else { continue }
      let (left, right) = (Array(old.utf8), Array(new.utf8))
      guard Self.isOrdered(change.removedSpans, within: left.count),
        Self.isOrdered(change.addedSpans, within: right.count)
      else {
        Issue.record("\(old.debugDescription) \(new.debugDescription): \(change)")
        continue
      }
      #expect(
        Self.outside(change.removedSpans, of: left) == Self.outside(change.addedSpans, of: right))
      let blanks: [UInt8] = [32, 9, 13]
      if change.isWhitespaceOnly {
        #expect(left.filter { !blanks.contains($0) } == right.filter { !blanks.contains($0) })
      }
      if left == right { #expect(change.removedSpans.isEmpty && change.addedSpans.isEmpty) }
    }
  }

  private static func isOrdered(_ spans: [Range<Int>], within count: Int) -> Bool {
    spans.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= count }
      && zip(spans, spans.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }

  private static func outside(_ spans: [Range<Int>], of line: [UInt8]) -> [UInt8] {
    line.enumerated().filter { offset, _ in !spans.contains { $0.contains(offset) } }.map(\.element)
  }
}
