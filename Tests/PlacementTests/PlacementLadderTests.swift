import Placement
import Testing

@Suite struct PlacementLadderTests {
  static let rungs:
    [(file: String, search: String, replacement: String, result: String, rung: PlacementRung)] = [
      ("a\nb\nc\n", "b", "x", "a\nx\nc\n", .exact),
      ("a\nb  \nc\n", "a\nb", "a\nx", "a\nx\nc\n", .trailingBlanks),
      ("a  \nb\n", "a\nb", "a\nx", "a  \nx\n", .trailingBlanks),
      ("a\n \t\nb\n", "a\n\nb", "a\n\nx", "a\n \t\nx\n", .trailingBlanks),
      (
        "say(\u{201C}hi\u{201D})\nb\n", "say(\"hi\")\nb", "say(\"hi\")\nx",
        "say(\u{201C}hi\u{201D})\nx\n", .typography
      ),
      ("a - b\n", "a\u{A0}\u{2014} b", "a + b", "a + b\n", .typography),
      (
        "  if a {\n    b\n  }\n", "if a {\n  b\n}", "if a {\n  c\n\n}", "  if a {\n    c\n\n  }\n",
        .indentation
      ),
      (
        "if a {\n\tb\n}\n", "\tif a {\n\t\tb\n\t}", "\tif a {\n\t\tc\n\t}", "if a {\n\tc\n}\n",
        .indentation
      ),
    ]
  @Test(arguments: rungs.indices) func `each rung places what the ones before it do not`(
    _ index: Int
  ) {
    let (file, search, replacement, result, rung) = Self.rungs[index]
    let outcome = placed([replace(search, replacement)], in: file)
    #expect(outcome.onlyText == result)
    #expect(outcome.placements.map(\.rung) == [rung])
    #expect(outcome.placements.map(\.byOrder) == [false])
  }

  @Test func `an indentation that differs from line to line places nothing`() {
    #expect(placed([replace("a\nb", "x\ny")], in: "  a\n    b\n").onlyReason == .notFound)
    #expect(placed([replace("    a", "    x")], in: "\ta\n").onlyReason == .notFound)
  }

  @Test func `a replacement that cannot follow the shift is refused`() {
    let outcome = placed([replace("  a\n  b", "  a\nc")], in: "a\nb\n")
    #expect(outcome.onlyReason == .indentationCannotShift(line: bytes("c")))
  }

  @Test func `context keeps its bytes however the block spells it`() {
    let outcome = placed([replace("a\nb\nc", "a\nx\nc")], in: "a \nb\nc\t\nd")
    #expect(outcome.onlyText == "a \nx\nc\t\nd")
  }

  @Test(arguments: [
    ("a\r\nb\r\nc\r\n", "b", "x\ny", "a\r\nx\r\ny\r\nc\r\n"),
    ("a\r\nb\r\nc\r\n", "b\r", "x\r\ny\r", "a\r\nx\r\ny\r\nc\r\n"),
    ("a\nb\r\nc\n", "b", "x\ny", "a\nx\r\ny\r\nc\n"),
    ("a\nb", "b", "x", "a\nx"),
    ("a\nb", "b", "b\nx", "a\nb\nx"),
    ("a\r\nb", "b", "b\nx", "a\r\nb\r\nx"),
    ("a\nb", "a\nb", "a", "a\n"),
    ("\u{FEFF}a\nb\n", "a", "x", "\u{FEFF}x\nb\n"),
    ("\u{FEFF}a\nb\n", "\u{FEFF}a\nb", "\u{FEFF}x\nb", "\u{FEFF}x\nb\n"),
    ("\u{FEFF}a\nb\n", "a\n", "", "\u{FEFF}b\n"),
    ("\u{FEFF}a\nb\n", "b", "\u{FEFF}b", "\u{FEFF}a\n\u{FEFF}b\n"),
    ("a\n", "a", "", ""),
    ("a\r\nb\nc", "c", "x\nc\ny", "a\r\nb\nx\nc\ny"),
    ("a", "a", "a\n\n", "a\n\n"),
  ])
  func `line endings, byte order mark and missing final newline stay`(
    file: String, search: String, replacement: String, result: String
  ) {
    let search = search.hasSuffix("\n") ? String(search.dropLast()) : search
    let replacement = replacement.hasSuffix("\n") ? String(replacement.dropLast()) : replacement
    let outcome = placed([replace(search, replacement)], in: file)
    #expect(outcome.changes.first.map { $0.content } == bytes(result))
  }

  @Test func `a line that occurs twice is ambiguous and both places are offered`() {
    let outcome = placed([replace("a", "x")], in: "a\nb\na\n")
    #expect(outcome.onlyReason == .ambiguous(placeCount: 2, rung: .exact))
    #expect(outcome.unplaced[0].candidates.map(\.lineRange) == [0..<1, 2..<3])
  }

  @Test func `overlapping places count as several`() {
    #expect(
      placed([replace("a\na", "x")], in: "a\na\na\n").onlyReason
        == .ambiguous(placeCount: 2, rung: .exact))
  }

  @Test func `a hunk's line number chooses among equal places only`() {
    let file = "a\nb\na\n"
    let outcome = placed([replace("a", "x", hint: 2)], in: file)
    #expect(outcome.onlyText == "a\nb\nx\n")
    #expect(outcome.placements[0].pin == .lineHint)
    #expect(placed([replace("a", "x", hint: 1)], in: file).onlyText == nil)
    #expect(placed([replace("b", "x", hint: 2)], in: file).placements[0].pin == nil)
  }

  @Test func `a named scope chooses the one place inside it`() {
    let file = "class A:\n  def f():\n    x\n\nclass B:\n  def f():\n    x\n"
    let outcome = placed([replace("    x", "    y", scope: ["class B:"])], in: file)
    #expect(outcome.onlyText == "class A:\n  def f():\n    x\n\nclass B:\n  def f():\n    y\n")
    #expect(outcome.placements[0].pin == .scope)
    #expect(placed([replace("    x", "    y", scope: ["def f():"])], in: file).onlyText == nil)
  }

  @Test func `neighbouring blocks choose the place between them`() {
    let file = "one\na\ntwo\na\nthree\n"
    let outcome = placed(
      [replace("one", "1"), replace("a", "x"), replace("two", "2"), replace("three", "3")], in: file
    )
    #expect(outcome.onlyText == "1\nx\n2\na\n3\n")
    #expect(outcome.placements.map(\.pin) == [nil, .order, nil, nil])
  }

  @Test func `as many equal blocks as places go there in order`() {
    let outcome = placed([replace("a", "x"), replace("a", "y")], in: "a\nb\na\n")
    #expect(outcome.onlyText == "x\nb\ny\n")
    #expect(outcome.placements.map(\.byOrder) == [true, true])
    #expect(placed([replace("a", "x"), replace("a", "y")], in: "a\na\na\n").unplaced.count == 2)
  }

  @Test func `blocks out of order choose nothing`() {
    let outcome = placed(
      [replace("two", "2"), replace("one", "1"), replace("a", "x")], in: "one\na\ntwo\na\n")
    #expect(outcome.unplaced.map(\.reason) == [.ambiguous(placeCount: 2, rung: .exact)])
  }

  @Test func `blocks may share context but not touch what the other quotes`() {
    let file = "a\nb\nc\nd\n"
    #expect(
      placed([replace("a\nb", "x\nb"), replace("b\nc", "b\ny")], in: file).onlyText
        == "x\nb\ny\nd\n")
    let outcome = placed([replace("b\nc", "b\ny"), replace("c\nd", "c\nz")], in: file)
    #expect(outcome.onlyText == "a\nb\ny\nd\n")
    #expect(outcome.unplaced.map(\.reason) == [.overlaps(blockIndex: 0)])
  }

  @Test
  func `two blocks that add lines at one place collide unless one ends where the other begins`() {
    let both = placed([replace("a", "a\nx"), replace("b", "y\nb")], in: "a\nb\n")
    #expect(both.onlyText == "a\nx\ny\nb\n")
    let after = placed([replace("b", "b\nx"), replace("a\nb", "a\nb\ny")], in: "a\nb\n")
    #expect(after.onlyText == "a\nb\nx\n")
    #expect(after.unplaced.map(\.reason) == [.overlaps(blockIndex: 0)])
    let around = placed([replace("a", "x\na"), replace("a", "a\ny")], in: "a\n")
    #expect(around.onlyText == "x\na\ny\n")
  }

  @Test func `blocks that add the same lines have each their own range`() {
    let outcome = placed([replace("a", "a\nx"), replace("b", "x\nb")], in: "a\nb\n")
    #expect(outcome.onlyText == "a\nx\nx\nb\n")
    #expect(outcome.placements.map(\.newLineRange) == [0..<2, 2..<4])
  }

  @Test func `a block that found no place stands in the way of nothing`() {
    let deleted = placed([replace("a", "x"), block(.delete)], in: "a\na\n")
    #expect(deleted.changes.map(\.kind) == [.deleted])
    #expect(deleted.unplaced.map(\.reason) == [.ambiguous(placeCount: 2, rung: .exact)])
    let rewritten = placed([replace("a", "x"), block(.wholeFile(lines("q")))], in: "a\na\n")
    #expect(rewritten.onlyText == "q\n")
    #expect(rewritten.unplaced.map(\.blockIndex) == [0])
  }

  @Test func `a form feed is no indentation, and a CR before CRLF is a blank`() {
    #expect(placed([replace("\u{C}a", "x")], in: "  a\n").onlyReason == .notFound)
    #expect(placed([replace("a", "x")], in: "a\r\r\n").placements.map(\.rung) == [.trailingBlanks])
  }

  @Test func `line ranges are told before and after`() {
    let outcome = placed([replace("a", "a\na2"), replace("c\nd", "d")], in: "a\nb\nc\nd\n")
    #expect(outcome.onlyText == "a\na2\nb\nd\n")
    #expect(outcome.placements.map(\.oldLineRange) == [0..<1, 2..<4])
    #expect(outcome.placements.map(\.newLineRange) == [0..<2, 3..<4])
  }

  @Test func `near matches are candidates and never placed`() {
    let file = "func a() {\n  let total = sum(values)\n  return total\n}\n"
    let outcome = placed([replace("  let total = sum(value)\n  return totals", "x")], in: file)
    #expect(outcome.onlyReason == .notFound)
    let best = outcome.unplaced[0].candidates.first
    #expect(best?.lineRange == 1..<3)
    #expect((best?.similarity ?? 0) >= 0.6 && (best?.similarity ?? 1) < 1)
    #expect(placed([replace("qqqq zzzz wwww", "x")], in: file).unplaced[0].candidates.isEmpty)
  }

  @Test func `the search for near matches ends in a large file`() {
    let file = (0..<20_000).map { "let value\($0 % 97) = compute(\($0))" }.joined(separator: "\n")
    let search = (0..<40).map { "var value\($0) = computed(\($0 * 7))" }.joined(separator: "\n")
    #expect(placed([replace(search, "x")], in: file).onlyReason == .notFound)
  }

  @Test func `lines chosen by hand are replaced, and shared lines keep the file's bytes`() {
    let edit = replace("one\ntwo\nthree", "one\n2\nthree")
    let outcome = placeByHand(
      edit, at: 0..<3,
      in: [OfferedFile(path: bytes("f.swift"), content: bytes("One\nTwo\nThree\n"))],
      existingPaths: PathIndex())
    #expect(outcome.onlyText == "One\n2\nThree\n")
    #expect(outcome.placements[0].rung == .byHand)
    #expect(placed([edit], in: "q\nr\n", byHand: [0: 0..<1]).onlyText == "one\n2\nthree\nr\n")
    #expect(
      placed([edit], in: "q\n", byHand: [0: 0..<3]).onlyReason == .noSuchLines(0..<3, lineCount: 1))
  }

  @Test func `lines chosen by hand that the quoted ones fit are changed as the ladder would`() {
    let edit = replace("if a {\n  b()\n}", "if a {\n  c()\n}")
    let file = "  if a {\n    b()\n  }\nx\n    if a {\n      b()\n    }\n"
    #expect(placed([edit], in: file).onlyReason == .ambiguous(placeCount: 2, rung: .indentation))
    let outcome = placed([edit], in: file, byHand: [0: 4..<7])
    #expect(
      outcome.onlyText == "  if a {\n    b()\n  }\nx\n    if a {\n      c()\n    }\n")
    #expect(outcome.placements[0].rung == .indentation)
  }

  @Test func `whole files keep the lines that are the same`() {
    let outcome = placed([block(.wholeFile(lines("a\nx\nc")))], in: "a\r\nb\r\nc")
    #expect(outcome.changes.first?.content == bytes("a\r\nx\r\nc"))
    #expect(outcome.placements[0].rung == .wholeFile)
    #expect(
      placed([block(.wholeFile(lines("a\nx")), path: "n.txt")], in: "").changes.map(\.kind) == [
        .created
      ])
    #expect(placed([block(.create(lines("a")))], in: "").onlyText == "a\n")
    let added = block(.replace(LineReplacement(search: [], replacement: lines("a"))))
    #expect(placed([added], in: "").onlyText == "a\n")
  }

  @Test func `files are created, deleted and moved with edits`() {
    let outcome = place(
      blocks: [
        block(.create(lines("n\n\nm")), path: "dir/new"), block(.delete, path: "b"),
        block(.move(to: bytes("c")), path: "a"), replace("1", "2", path: "c"),
      ],
      in: [
        OfferedFile(path: bytes("a"), content: bytes("1\n")),
        OfferedFile(path: bytes("b"), content: bytes("1\n\0")),
      ], existingPaths: PathIndex())
    #expect(outcome.unplaced.isEmpty)
    #expect(outcome.changes.map(\.path) == [bytes("b"), bytes("c"), bytes("dir/new")])
    #expect(outcome.changes.map(\.kind) == [.deleted, .moved(from: bytes("a")), .created])
    #expect(outcome.changes.map { text($0.content) } == ["", "2\n", "n\n\nm\n"])
  }

  @Test func `removing most of what is quoted is marked`() {
    let long = (0..<24).map { "line \($0)" }.joined(separator: "\n")
    #expect(placed([replace(long, "x")], in: long + "\n").placements[0].shrinksMuch)
    #expect(!placed([replace("line 3", "")], in: long + "\n").placements[0].shrinksMuch)
  }
}
