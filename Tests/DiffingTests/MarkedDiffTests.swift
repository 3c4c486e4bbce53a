// Taking lines, in cases that can be read.

import Diffing
import Testing

struct MarkedDiffTests {
  private static func expect(
    _ picture: String, gives result: String, at location: SourceLocation = #_sourceLocation
  ) {
    let marked = MarkedDiff(picture)
    #expect(marked.picture == picture, sourceLocation: location)
    #expect(marked.result == result, sourceLocation: location)
  }

  @Test func `nothing taken leaves the base`() {
    Self.expect(
      """
           one
      -[ ] two
      +[ ] deux
           three
      """, gives: "one\ntwo\nthree")
  }

  @Test func `everything taken gives the proposal`() {
    Self.expect(
      """
           one
      -[x] two
      +[x] deux
           three
      """, gives: "one\ndeux\nthree")
  }

  @Test func `the first of two pairs taken keeps the order of lines`() {
    Self.expect(
      """
           {
      -[x] let width = 1
      +[x] let width = 10
      -[ ] let height = 2
      +[ ] let height = 20
           }
      """, gives: "{\nlet width = 10\nlet height = 2\n}")
  }

  @Test func `the second of two pairs taken keeps the order of lines`() {
    Self.expect(
      """
           {
      -[ ] let width = 1
      +[ ] let width = 10
      -[x] let height = 2
      +[x] let height = 20
           }
      """, gives: "{\nlet width = 1\nlet height = 20\n}")
  }

  @Test func `an added line taken without its removed line stands after it`() {
    Self.expect(
      """
      -[ ] let width = 1
      +[x] let width = 10
           end
      """, gives: "let width = 1\nlet width = 10\nend")
  }

  @Test func `a removed line taken without its added line goes`() {
    Self.expect(
      """
           begin
      -[x] let width = 1
      +[ ] let width = 10
           end
      """, gives: "begin\nend")
  }

  @Test func `similar lines are paired across an inserted one`() {
    Self.expect(
      """
           {
      +[x] guard amount >= 0 else { return }
      -[ ] total += entry.amount
      +[ ] total += entry.amount * rate
           }
      """, gives: "{\nguard amount >= 0 else { return }\ntotal += entry.amount\n}")
  }

  @Test func `groups are taken apart`() {
    Self.expect(
      """
      -[x] a
           b
      +[ ] c
           d
      +[x] e
      """, gives: "b\nd\ne")
  }

  @Test func `a line appended to a file without final newline gives the last line a terminator`() {
    Self.expect(
      """
           one
      -[x] two
      \\
      +[x] two
      +[x] three
      """, gives: "one\ntwo\nthree")
  }

  @Test func `a line taken after an unterminated one that stays does not run into it`() {
    Self.expect(
      """
           one
      -[ ] two
      \\
      +[ ] two
      +[x] three
      """, gives: "one\ntwo\nthree")
  }

  @Test func `a missing final newline is kept when the last line is not taken`() {
    Self.expect(
      """
      -[x] one
      +[x] un
           two
      \\
      """, gives: "un\ntwo\\")
  }

  @Test func `a final newline alone can be taken or left`() {
    Self.expect(
      """
           one
      -[x] two
      \\
      +[x] two
      """, gives: "one\ntwo")
    Self.expect(
      """
           one
      -[ ] two
      +[ ] two
      \\
      """, gives: "one\ntwo")
  }

  @Test func `an unterminated added line that is followed by kept ones gets the base's terminator`()
  {
    Self.expect(
      """
           zero␍
      -[ ] one␍
      +[x] uno
      \\
      -[ ] two␍
      """, gives: "zero␍\none␍\nuno␍\ntwo␍")
  }

  @Test func `lines keep the terminator of their side`() {
    Self.expect(
      """
      -[x] let one = 1␍
      +[x] let one = 1
      -[ ] let two = 2␍
      +[ ] let two = 2
      """, gives: "let one = 1\nlet two = 2␍")
  }

  @Test func `lines of a new file are taken one by one`() {
    Self.expect(
      """
      +[x] one
      +[ ] two
      +[x] three
      \\
      """, gives: "one\nthree\\")
  }

  @Test func `the rest of an emptied file stays`() {
    Self.expect(
      """
      -[x] one
      -[ ] two
      -[x] three
      """, gives: "two")
  }
}
