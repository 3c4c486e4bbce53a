import Placement
import Testing

@Suite struct PlacementRefusalTests {
  @Test(arguments: [
    (replace("  \n", "x"), PlacementRefusal.blankSearch),
    (replace("\u{A0}\n\u{3000}", "x"), .blankSearch),
    (replace("\u{FEFF}b", "x"), .notFound),
    (replace("a", "a"), .noChange),
    (replace("b ", "b  "), .noChange),
    (replace("zz", "a\nb"), .alreadyApplied(atLine: 0)),
    (replace("zz", "yy"), .notFound),
    (
      replace("a", "x\n// ... existing code ..."), .elision(line: bytes("// ... existing code ..."))
    ),
    (replace("a", "x\n..."), .elision(line: bytes("..."))),
    (replace("a", "x", path: "other.swift"), .pathNotOffered),
    (replace("a", "x", path: "absent.swift"), .fileAbsent),
    (replace("a", "x", path: "../f.swift"), .pathUnsafe(.relativeComponent)),
    (block(.create(lines("x"))), .fileExists),
    (block(.create(lines("x")), path: "other.swift"), .fileExists),
    (block(.create(lines("x")), path: "F.swift"), .pathTwin(of: bytes("f.swift"))),
    (block(.create(lines("x")), path: "f.swift/x"), .pathKindConflict(bytes("f.swift"))),
    (
      block(.create(lines("// rest of the file unchanged ...")), path: "n"),
      .elision(line: bytes("// rest of the file unchanged ..."))
    ),
    (replace("a", "x\0"), .contentNotText(.nul)),
    (block(.delete, path: "absent.swift"), .fileAbsent),
    (block(.delete, path: "other.swift"), .pathNotOffered),
    (block(.move(to: bytes("other.swift"))), .fileExists),
    (block(.move(to: bytes(".git/x"))), .pathUnsafe(.gitDirectory)),
    (block(.move(to: bytes("f.swift"))), .noChange),
    (block(.malformed(.missingDivider)), .malformed(.missingDivider)),
  ])
  func `every refusal has its reason and a sentence`(edit: EditBlock, reason: PlacementRefusal) {
    let outcome = placed([edit], in: "a\nb\n", others: ["other.swift"])
    #expect(outcome.onlyReason == reason)
    #expect(reason.sentence.hasSuffix("."))
  }

  @Test func `invalid UTF-8 is refused in the file and in the block`() {
    let broken = EditBlock(
      syntax: .searchReplace, path: bytes("f"),
      edit: .replace(LineReplacement(search: [bytes("a")], replacement: [[0xFF]])),
      answerRange: 0..<0, verbatim: [])
    let files = { (content: [UInt8]) in [OfferedFile(path: bytes("f"), content: content)] }
    let inBlock = place(blocks: [broken], in: files(bytes("a\n")), existingPaths: PathIndex())
    #expect(inBlock.onlyReason == .contentNotText(.invalidUTF8))
    let inFile = place(
      blocks: [replace("a", "b", path: "f")], in: files([0x61, 0x0A, 0xE9, 0x0A]),
      existingPaths: PathIndex())
    #expect(inFile.onlyReason == .contentNotText(.invalidUTF8))
    let nul = place(
      blocks: [replace("a", "b", path: "f")], in: files([0x61, 0x0A, 0x00]),
      existingPaths: PathIndex())
    #expect(nul.onlyReason == .contentNotText(.nul))
  }

  @Test func `content over the limit is refused`() {
    let outcome = place(
      blocks: [replace("a", "b", path: "f")],
      in: [OfferedFile(path: bytes("f"), content: bytes("a\nbcdef\n"))], existingPaths: PathIndex(),
      limits: PlacementLimits(fileBytes: 5))
    #expect(outcome.onlyReason == .tooLarge(byteCount: 8, limit: 5))
  }

  @Test(arguments: [
    ([replace("a", "x"), replace("a", "y")], PlacementRefusal.overlaps(blockIndex: 0)),
    ([replace("a", "x"), block(.delete)], .overlaps(blockIndex: 0)),
    ([block(.delete), replace("a", "x")], .overlaps(blockIndex: 0)),
    ([block(.wholeFile(lines("q"))), replace("a", "x")], .overlaps(blockIndex: 0)),
    ([replace("a", "x"), block(.wholeFile(lines("q")))], .overlaps(blockIndex: 0)),
    ([block(.create(lines("q")), path: "n"), block(.create(lines("q")), path: "n")], .fileExists),
    (
      [block(.create(lines("q")), path: "n"), block(.create(lines("q")), path: "N")],
      .pathTwin(of: bytes("n"))
    ),
    (
      [block(.create(lines("q")), path: "n"), replace("q", "r", path: "n")],
      .overlaps(blockIndex: 0)
    ),
    ([block(.move(to: bytes("g"))), block(.move(to: bytes("h")))], .overlaps(blockIndex: 0)),
  ])
  func `of two blocks that collide the earlier one stands`(
    blocks: [EditBlock], reason: PlacementRefusal
  ) {
    let outcome = placed(blocks, in: "a\nb\n")
    #expect(outcome.changes.count == 1)
    #expect(outcome.unplaced.map(\.blockIndex) == [1])
    #expect(outcome.unplaced.map(\.reason) == [reason])
  }

  @Test(arguments: [
    "# ... rest of the code remains the same", "/* ... existing code ... */", "...", "\u{2026}",
    "<!-- ... unchanged ... -->", "    // ...", "-- ... other columns", "// existing code",
    "{/* ... existing markup ... */}", "# rest of the file",
    "// \u{2026} existing imports \u{2026}",
  ])
  func `lines that leave code out are seen`(line: String) {
    #expect(
      placed([replace("a", "x\n" + line)], in: "a\n").onlyReason == .elision(line: bytes(line)))
  }

  @Test(arguments: [
    "f(...args)", "// wait for it...", "case 1...5:", "print(\"...\")", "x = [...rest]", "# done.",
    "// the existing code path handles this", "# TODO: more tests", "// existing users keep access",
  ])
  func `ordinary lines with dots are no elision`(line: String) {
    #expect(placed([replace("a", "x\n" + line)], in: "a\n").onlyText == "x\n" + line + "\n")
  }

  @Test func `an elision that SEARCH quotes, and a body of dots in Python, are content`() {
    #expect(
      placed([replace("// ...\na", "// ...\nb")], in: "// ...\na\n").onlyText == "// ...\nb\n")
    let stub = replace("a", "def f() -> int:\n    ...", path: "f.pyi")
    #expect(placed([stub], in: "a\n", path: "f.pyi").onlyText == "def f() -> int:\n    ...\n")
  }
}
