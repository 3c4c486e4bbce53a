import Placement
import Testing

private let simple = """
  src/a.swift
  <<<<<<< SEARCH
  old
  =======
  new
  >>>>>>> REPLACE

  """

@Suite struct EditBlockParserTests {
  @Test func `a block is read with its path line and its verbatim text`() throws {
    let answer = "Plan: rename.\n\n" + simple + "Done.\n"
    let blocks = parsed(answer)
    #expect(picture(blocks) == ["src/a.swift: old -> new"])
    let block = try #require(blocks.first)
    #expect(text(block.verbatim) == simple)
    #expect(text(bytes(answer)[block.answerRange]) == simple)
  }

  static let decorations = [
    "src/a.swift", "### src/a.swift", "**src/a.swift**", "`src/a.swift`", "`src/a.swift`:",
    "src/a.swift:", "./src/a.swift", "- `src/a.swift`", "1. **`src/a.swift`**", "File: src/a.swift",
    "// src/a.swift", "<!-- src/a.swift -->", "Update `src/a.swift` like this:", "\"src/a.swift\"",
    "src/a.swift\n\n", "src/a.swift\n```swift", "```swift\nsrc/a.swift", "## File: `src/a.swift`",
    "```swift:src/a.swift", "Filename: **src/a.swift**", "  src/a.swift  ",
  ]
  @Test(arguments: decorations) func `decorations around a path are ignored`(above: String) {
    let answer = above + "\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n```\n"
    #expect(picture(parsed(answer)) == ["src/a.swift: old -> new"])
  }

  @Test(arguments: ["Here is the change I suggest:", "", "Done.", "Sure!"])
  func `prose above a block is no path`(above: String) {
    let answer = above + "\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"
    #expect(picture(parsed(answer)) == [": malformed missingPath"])
  }

  @Test func `a path with blanks counts when it was offered`() {
    let answer = "# My Notes.txt\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n"
    #expect(picture(parsed(answer, known: ["My Notes.txt"])) == ["My Notes.txt: old -> new"])
  }

  @Test func `a block right below another has its path`() {
    let second = "```\n\n```swift\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n"
    #expect(picture(parsed(simple + second)) == ["src/a.swift: old -> new", "src/a.swift: c -> d"])
    #expect(
      picture(parsed(simple + "Then the other one as well.\n" + second)) == [
        "src/a.swift: old -> new", ": malformed missingPath",
      ])
  }

  @Test func `an empty SEARCH makes a new file, DELETE deletes and MOVE moves`() {
    let answer = """
      src/new.swift
      <<<<<<< SEARCH
      =======
      one

      two
      >>>>>>> REPLACE
      src/a.swift
      <<<<<<< DELETE
      >>>>>>> REPLACE
      src/b.swift
      <<<<<<< MOVE `src/c.swift`
      src/b.swift
      <<<<<<< MOVE
      """
    #expect(
      picture(parsed(answer)) == [
        "src/new.swift: new one||two", "src/a.swift: delete", "src/b.swift: move src/c.swift",
        "src/b.swift: malformed missingNewPath",
      ])
  }

  @Test(arguments: 3...11) func `markers of five to nine signs are read`(length: Int) {
    let sign = { (sign: String) in String(repeating: sign, count: length) }
    let answer =
      "src/a.swift\n\(sign("<")) SEARCH\nold\n\(sign("="))\nnew\n\(sign(">")) REPLACE\n"
    let expected: [String] =
      switch length {
      case 3: []
      case 4: ["src/a.swift: malformed unfinished"]
      case 5...9: ["src/a.swift: old -> new"]
      default: ["src/a.swift: malformed unknownMarker"]
      }
    let seen = picture(parsed(answer))
    #expect(length == 4 ? seen == ["src/a.swift: malformed unknownMarker"] : seen == expected)
  }

  @Test func `markers of another length are content of a block`() {
    let answer = """
      src/a.swift
      <<<<<<<<< SEARCH
      <<<<<<< SEARCH
      =======
      >>>>>>> REPLACE
      =========
      Title
      =====
      >>>>>>>>> REPLACE
      """
    #expect(
      picture(parsed(answer)) == [
        "src/a.swift: <<<<<<< SEARCH|=======|>>>>>>> REPLACE -> Title|====="
      ])
  }

  @Test func `an end marker of another length ends the block when no other does`() {
    let answer =
      "src/a.swift\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>> REPLACE\n" + simple
    #expect(picture(parsed(answer)) == ["src/a.swift: a -> b", "src/a.swift: old -> new"])
    #expect(
      picture(parsed("src/a.swift\n<<<<<<< SEARCH\na\n=====\nb\n>>>>>>>> REPLACE"))
        == ["src/a.swift: a -> b"])
  }

  static let broken: [(String, [String])] = [
    ("<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", ["src/a.swift: malformed missingDivider"]),
    (
      "<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE\n",
      ["src/a.swift: malformed severalDividers(2)"]
    ),
    ("<<<<<<< SEARCH\na\n=======\nb\n", ["src/a.swift: malformed unfinished"]),
    ("<<<<<<< SEARCH\na", ["src/a.swift: malformed unfinished"]),
    ("<<<<<<< SEARCH", ["src/a.swift: malformed unfinished"]),
    (">>>>>>> REPLACE\n", [": malformed endWithoutStart"]),
    ("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n", ["src/a.swift: malformed unknownMarker"]),
    (
      "  <<<<<<< SEARCH\n  a\n  =======\n  b\n  >>>>>>> REPLACE\n",
      ["src/a.swift: malformed indentedMarker"]
    ),
    (
      "<<<<<<< SEARCH\na\n=======\nb\nsrc/b.swift\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n",
      ["src/a.swift: malformed nestedStart", "src/b.swift: c -> d"]
    ),
    (
      "<<<<<<< SEARCH\na b\n<<<<<<< SEARCH\na b\n=======\nc\n>>>>>>> REPLACE\n",
      ["src/a.swift: malformed nestedStart", ": malformed missingPath"]
    ),
    (
      "<<<<<<< SEARCH\na\n=======\nb\n>>>>>> REPLACE\n>>>>> REPLACE\n",
      ["src/a.swift: malformed severalEnds(2)"]
    ),
  ]
  @Test(arguments: broken) func `broken blocks are kept with a reason`(
    answer: String, expected: [String]
  ) {
    let whole = "src/a.swift\n" + answer
    let blocks = parsed(whole)
    #expect(picture(blocks) == expected)
    // What looks like an edit is in some block, byte for byte.
    #expect(blocks.map { text($0.verbatim) }.joined().hasSuffix(answer))
  }

  @Test func `thinking is not read`() {
    let answer = "<think>\nMaybe:\n" + simple + "no.\n</think>\n" + simple
    #expect(picture(parsed(answer)) == ["src/a.swift: old -> new"])
    #expect(picture(parsed("<think>" + simple)) == [])
    #expect(picture(parsed(simple + "so be it.</think>\n")) == [])
    #expect(picture(parsed("<think>x</think>" + simple)) == ["src/a.swift: old -> new"])
  }

  @Test func `think tags inside a block are content`() {
    let answer = "src/a.swift\n<<<<<<< SEARCH\n<think>\n=======\n</think>\n>>>>>>> REPLACE\n"
    #expect(picture(parsed(answer)) == ["src/a.swift: <think> -> </think>"])
  }

  @Test func `an answer in CRLF reads like one in LF, and a CR in an LF answer is content`() {
    let crlf = simple.replacing("\n", with: "\r\n")
    #expect(picture(parsed(crlf)) == ["src/a.swift: old -> new"])
    let mixed = "src/a.swift\n<<<<<<< SEARCH\nold\r\n=======\nnew\r\n>>>>>>> REPLACE\n"
    #expect(picture(parsed(mixed)) == ["src/a.swift: old\r -> new\r"])
  }

  @Test func `blocks become available while the answer is still written`() {
    var parser = EditBlockParser()
    parser.feed(bytes(String(simple.dropLast())))
    #expect(parser.blocks.isEmpty && parser.isInsideBlock)
    parser.feed(bytes("\n"))
    #expect(parser.blocks.count == 1 && !parser.isInsideBlock)
  }

  @Test func `fenced files are read only when the request asks for them`() {
    let answer = "src/a.swift\n```swift\nlet a = 1\n\n```\n**src/b.swift**\n````\n```\n````\n"
    #expect(parsed(answer).isEmpty)
    #expect(
      picture(parsed(answer, wholeFiles: true)) == [
        "src/a.swift: whole let a = 1|", "src/b.swift: whole ```",
      ])
    #expect(
      picture(parsed("src/a.swift\n```\n```bash\nx\n```\n", wholeFiles: true))
        == ["src/a.swift: malformed nestedFence"])
    #expect(
      picture(parsed("src/a.swift\n```\nlet a", wholeFiles: true))
        == ["src/a.swift: malformed unfinished"])
    #expect(parsed("Run this:\n```\nmake\n```\n", wholeFiles: true).isEmpty)
    let fenced = "src/a.swift\n```\n" + simple + "```\n"
    #expect(picture(parsed(fenced, wholeFiles: true)) == ["src/a.swift: old -> new"])
  }

  @Test func `a long answer is read in linear time`() {
    let row = "src/a.swift\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>> REPLACE\n"
    #expect(parsed(String(repeating: row, count: 2000)).count == 2000)
  }
}
