import Placement
import Testing

private let body = "old\n=======\nnew\n>>>>>>> REPLACE\n"
private let edit = "<<<<<<< SEARCH\n" + body
private let read = ["src/a.swift: old -> new"]

/// A way to write an answer that was seen somewhere, and the blocks that are read from it.
struct WildAnswer: Sendable, CustomTestStringConvertible {
  let name: String
  let answer: String
  let blocks: [String]
  var wholeFiles = false

  var testDescription: String { name }

  static func kept(_ reason: String, path: String = "src/a.swift") -> [String] {
    ["\(path): malformed \(reason)"]
  }
}

private let paths: [WildAnswer] = [
  "src/a.swift", "src/a.swift:", "./src/a.swift", "a/src/a.swift", "b/src/a.swift",
  "`src/a.swift`", "`src/a.swift`:", "`a/src/a.swift`", "**src/a.swift**", "**src/a.swift:**",
  "**`src/a.swift`**", "**`src/a.swift`:**", "*src/a.swift*", "# src/a.swift", "### src/a.swift",
  "### `src/a.swift`", "#### **src/a.swift**:", "File: src/a.swift", "file: `src/a.swift`",
  "**File: src/a.swift**", "**File:** `src/a.swift`", "### File: src/a.swift",
  "Filename: src/a.swift", "File name: src/a.swift", "Path: src/a.swift", "FILE: src/a.swift",
  "// src/a.swift", "# File: src/a.swift", "/* src/a.swift */", "<!-- src/a.swift -->",
  "- src/a.swift", "* `src/a.swift`", "1. `src/a.swift`", "2) src/a.swift:",
  "'src/a.swift'", "\"src/a.swift\"", "In `src/a.swift`, add a check:", "   src/a.swift",
].flatMap { path in
  ["", "```\n", "```swift\n", "~~~\n", "\n````swift\n", "~~~~~~ swift\n"].map { fence in
    let close = fence.trimmingPrefix("\n").prefix { "`~".contains($0) }
    return WildAnswer(
      name: "\(path) before \(fence.debugDescription)",
      answer: "\(path)\n\(fence)\(edit)\(close)\nDone.\n", blocks: read)
  } + [
    WildAnswer(
      name: "\(path) inside the fence", answer: "```\n\(path)\n\(edit)```\nDone.\n", blocks: read)
  ]
}

private let markers: [WildAnswer] = [
  WildAnswer(name: "SEARCH>", answer: "src/a.swift\n<<<<<<< SEARCH>\n" + body, blocks: read),
  WildAnswer(
    name: "blanks behind the markers",
    answer: "src/a.swift\n<<<<<<< SEARCH  \nold\n======= \nnew\n>>>>>>> REPLACE\t\n", blocks: read),
  WildAnswer(
    name: "no blank before the word",
    answer: "src/a.swift\n<<<<<<<SEARCH\nold\n=======\nnew\n>>>>>>>REPLACE\n", blocks: read),
  WildAnswer(
    name: "lengths that differ",
    answer: "src/a.swift\n<<<<< SEARCH\nold\n=========\nnew\n>>>>>> REPLACE\n", blocks: read),
  WildAnswer(
    name: "HEAD", answer: "src/a.swift\n<<<<<<< HEAD\n" + body,
    blocks: WildAnswer.kept("unknownMarker")),
  WildAnswer(
    name: "ORIGINAL and UPDATED",
    answer: "src/a.swift\n<<<<<<< ORIGINAL\nold\n=======\nnew\n>>>>>>> UPDATED\n",
    blocks: WildAnswer.kept("unknownMarker")),
  WildAnswer(
    name: "UPDATED behind SEARCH",
    answer: "src/a.swift\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> UPDATED\n",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "search in small letters", answer: "src/a.swift\n<<<<<<< search\n" + body,
    blocks: WildAnswer.kept("unknownMarker")),
  WildAnswer(
    name: "a path behind SEARCH", answer: "<<<<<<< SEARCH src/a.swift\n" + body,
    blocks: WildAnswer.kept("unknownMarker", path: "")),
  WildAnswer(
    name: "no divider", answer: "src/a.swift\n<<<<<<< SEARCH\nold\nnew\n>>>>>>> REPLACE\n",
    blocks: WildAnswer.kept("missingDivider")),
  WildAnswer(
    name: "two dividers",
    answer: "src/a.swift\n<<<<<<< SEARCH\nold\n=======\n=======\nnew\n>>>>>>> REPLACE\n",
    blocks: WildAnswer.kept("severalDividers(2)")),
  WildAnswer(
    name: "two starts", answer: "src/a.swift\n<<<<<<< SEARCH\n" + edit,
    blocks: WildAnswer.kept("nestedStart") + WildAnswer.kept("missingPath", path: "")),
  WildAnswer(
    name: "two ends", answer: "src/a.swift\n" + edit + ">>>>>>> REPLACE\n",
    blocks: read + WildAnswer.kept("endWithoutStart", path: "")),
  WildAnswer(
    name: "the end in SEARCH", answer: "src/a.swift\n<<<<<<< SEARCH\nold",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "the end in REPLACE", answer: "src/a.swift\n<<<<<<< SEARCH\nold\n=======\nne",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "the end within the end marker",
    answer: "src/a.swift\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLAC",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "no newline at the end", answer: "src/a.swift\n" + edit.dropLast(), blocks: read),
  WildAnswer(
    name: "a block in a list",
    answer: "- `src/a.swift`\n  <<<<<<< SEARCH\n  old\n  =======\n  new\n  >>>>>>> REPLACE\n",
    blocks: WildAnswer.kept("indentedMarker")),
  WildAnswer(
    name: "a block behind a list sign",
    answer:
      "src/a.swift\n1. <<<<<<< SEARCH\n   old\n   =======\n   new\n   >>>>>>> REPLACE\nDone.\n",
    blocks: WildAnswer.kept("indentedMarker")),
  WildAnswer(
    name: "a block in a block quote",
    answer:
      "> src/a.swift\n> <<<<<<< SEARCH\n> old\n> =======\n> new\n> >>>>>>> REPLACE\n\nsrc/a.swift\n"
      + edit, blocks: WildAnswer.kept("indentedMarker", path: "") + read),
  WildAnswer(
    name: "a block quote without blanks",
    answer: "src/a.swift\n><<<<<<< SEARCH\n>old\n>=======\n>new\n>>>>>>>> REPLACE\n",
    blocks: WildAnswer.kept("indentedMarker")),
  WildAnswer(
    name: "deletion and move in a list",
    answer: "- src/a.swift\n  <<<<<<< DELETE\n- src/b.swift\n  <<<<<<< MOVE src/c.swift\n",
    blocks: [
      "src/a.swift: malformed indentedMarker", "src/b.swift: malformed indentedMarker",
    ]),
  WildAnswer(
    name: "an indented conflict", answer: "src/a.swift\n  <<<<<<< HEAD\n  x\n  >>>>>>> b\nDone.\n",
    blocks: WildAnswer.kept("indentedMarker")),
  WildAnswer(
    name: "a path in a sentence may have brackets",
    answer: "Make `app/(shop)/[id].tsx` so:\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n",
    blocks: ["app/(shop)/[id].tsx: new x"]),
  WildAnswer(
    name: "code quoted in a sentence is no path", answer: "Then change `total()`:\n" + edit,
    blocks: WildAnswer.kept("missingPath", path: "")),
]

private let fileBlocks: [WildAnswer] = [
  WildAnswer(
    name: "deletion without an end", answer: "src/a.swift\n<<<<<<< DELETE\n\nThat was all.\n",
    blocks: ["src/a.swift: delete"]),
  WildAnswer(
    name: "deletion with every marker",
    answer: "src/a.swift\n<<<<<<< DELETE\n=======\n>>>>>>> REPLACE\n",
    blocks: ["src/a.swift: delete"]),
  WildAnswer(
    name: "deletion of some lines is none of the file",
    answer: "src/a.swift\n<<<<<<< DELETE\n  old\n>>>>>>> REPLACE\nsrc/b.swift\n" + edit,
    blocks: ["src/a.swift: malformed linesInFileBlock", "src/b.swift: old -> new"]),
  WildAnswer(
    name: "lines behind the divider of a move",
    answer: "src/a.swift\n<<<<<<< MOVE src/c.swift\n=======\nnew\n>>>>>>> REPLACE\n",
    blocks: WildAnswer.kept("linesInFileBlock")),
  WildAnswer(
    name: "deletion and move in a row",
    answer:
      "```\nsrc/a.swift\n<<<<<<< DELETE\n>>>>>>> DELETE\nsrc/b.swift\n<<<<<<< MOVE src/c.swift\n```\n\nsrc/a.swift\n```\n"
      + edit + "```\n",
    blocks: ["src/a.swift: delete", "src/b.swift: move src/c.swift", "src/a.swift: old -> new"]),
  WildAnswer(
    name: "an end marker below a sentence",
    answer: "src/a.swift\n<<<<<<< DELETE\nIt is unused.\nsrc/b.swift\n" + edit,
    blocks: ["src/a.swift: delete", "src/b.swift: old -> new"]),
]

private let diffs: [WildAnswer] = [
  WildAnswer(
    name: "a diff without numbers in a fence",
    answer: "src/a.swift\n```diff\n@@ ... @@\n-old\n+new\n```\n", blocks: read),
  WildAnswer(
    name: "a diff that says only its git header",
    answer: "diff --git a/src/a.swift b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "a/ on both sides",
    answer: "--- a/src/a.swift\n+++ a/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "b/ on one side", answer: "--- src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "time stamps",
    answer: "--- src/a.swift\t2026-01-01\n+++ src/a.swift\t2026-01-02\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "counts that are too high and another file",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1,9 +1,9 @@\n-old\n+new\n--- a/src/b.swift\n+++ b/src/b.swift\n@@ -1 +1 @@\n-c\n+d\n",
    blocks: ["src/a.swift: old -> new @0", "src/b.swift: c -> d @0"]),
  WildAnswer(
    name: "counts that are too low",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1,1 +1,1 @@\n a\n-old\n+new\n--- src/b.swift\n+++ src/b.swift\n@@ -7 +7 @@\n-c\n+d\n",
    blocks: ["src/a.swift: a|old -> a|new @0", "src/b.swift: c -> d @6"]),
  WildAnswer(
    name: "another file without +++",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1,9 +1,9 @@\n-old\n+new\n--- a/src/b.swift\n@@ -1 +1 @@\n-c\n+d\n",
    blocks: ["src/a.swift: old -> new @0", ": malformed missingPath"]),
  WildAnswer(
    name: "removed and added lines that look like headers",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1,3 +1,3 @@\n--- one\n+++ two\n x\n@@ -9,2 +9,2 @@\n--- one\n y\n+++ two\n",
    blocks: ["src/a.swift: -- one|x -> ++ two|x @0", "src/a.swift: -- one|y -> y|++ two @8"]),
  WildAnswer(
    name: "several added lines that look like headers",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1,2 +1,2 @@\n-a\n-b\n+++ one\n+++ two\n@@ -9 +9 @@\n-c\n+d\n",
    blocks: ["src/a.swift: a|b -> ++ one|++ two @0", "src/a.swift: c -> d @8"]),
  WildAnswer(
    name: "no newline at the end of the file",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "only added lines",
    answer: "--- a/n.txt\n+++ b/n.txt\n@@ -0,0 +1 @@\n+one\n", blocks: ["n.txt:  -> one @0"]),
  WildAnswer(
    name: "a new file by git",
    answer:
      "```diff\ndiff --git a/n b/n\nnew file mode 100644\nindex 0000000..1\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+one\n+two\n```\n",
    blocks: ["n: new one|two"]),
  WildAnswer(
    name: "an empty new file and an empty deleted file",
    answer:
      "diff --git a/n b/n\nnew file mode 100644\nindex 0..0\ndiff --git a/m b/m\ndeleted file mode 100644\nindex 0..0\n",
    blocks: ["n: new ", "m: delete"]),
  WildAnswer(
    name: "a new file that quotes lines",
    answer: "--- /dev/null\n+++ b/n\n@@ -1 +1,2 @@\n one\n+two\n",
    blocks: WildAnswer.kept("quotesInNewFile", path: "n")),
  WildAnswer(
    name: "a new file in parts",
    answer: "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+one\n@@ -0,0 +9 @@\n+two\n",
    blocks: WildAnswer.kept("newFileInParts", path: "n")),
  WildAnswer(
    name: "a changed mode", answer: "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
    blocks: WildAnswer.kept("noHunks", path: "x")),
  WildAnswer(
    name: "a rename with a hunk",
    answer:
      "diff --git a/src/a.swift b/src/c.swift\nsimilarity index 90%\nrename from src/a.swift\nrename to src/c.swift\n--- a/src/a.swift\n+++ b/src/c.swift\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: move src/c.swift", "src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "the end within a fenced diff",
    answer:
      "```diff\n--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n@@ -7,2 +7,3 @@\n c\n-d\n+e",
    blocks: ["src/a.swift: old -> new @0", "src/a.swift: malformed unfinished"]),
  WildAnswer(
    name: "a fence left open below a whole diff",
    answer: "```diff\n--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n",
    blocks: ["src/a.swift: old -> new @0"]),
  WildAnswer(
    name: "the end within the last line of a fenced diff",
    answer: "```diff\n--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+ne",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "headers at the end",
    answer:
      "--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n--- a/src/b.swift\n+++ b/src/b.swift\n",
    blocks: ["src/a.swift: old -> new @0", "src/b.swift: malformed noHunks"]),
]

private let patches: [WildAnswer] = [
  WildAnswer(
    name: "a heredoc",
    answer:
      "```bash\napply_patch <<'EOF'\n*** Begin Patch\n*** Update File: src/a.swift\n@@\n-old\n+new\n*** End Patch\nEOF\n```\n",
    blocks: read),
  WildAnswer(
    name: "the end of a file, and blank lines around",
    answer:
      "*** Begin Patch\n\n*** Update File: src/a.swift\n\n@@\n-old\n+new\n*** End of File\n\n*** End Patch\n",
    blocks: read),
  WildAnswer(
    name: "a/ and backticks",
    answer: "*** Begin Patch\n*** Update File: `a/src/a.swift`\n@@\n-old\n+new\n*** End Patch\n",
    blocks: read),
  WildAnswer(
    name: "a context line that is a fence",
    answer:
      "```\n*** Begin Patch\n*** Update File: src/a.swift\n@@\n ```\n-old\n+new\n ```\n*** End Patch\n```\n",
    blocks: ["src/a.swift: ```|old|``` -> ```|new|```"]),
  WildAnswer(
    name: "the end within the second chunk",
    answer: "*** Begin Patch\n*** Update File: src/a.swift\n@@\n-old\n+new\n@@\n c\n-d\n+",
    blocks: ["src/a.swift: old -> new", "src/a.swift: malformed unfinished"]),
  WildAnswer(
    name: "a move alone",
    answer:
      "*** Begin Patch\n*** Update File: src/a.swift\n*** Move to: src/c.swift\n*** End Patch\n",
    blocks: ["src/a.swift: move src/c.swift"]),
  WildAnswer(
    name: "the end behind a move",
    answer: "*** Begin Patch\n*** Update File: src/a.swift\n*** Move to: src/",
    blocks: WildAnswer.kept("unfinished")),
  WildAnswer(
    name: "a new file that quotes lines",
    answer: "*** Begin Patch\n*** Add File: n\n+one\n two\n*** End Patch\n",
    blocks: WildAnswer.kept("quotesInNewFile", path: "n")),
  WildAnswer(
    name: "a deletion with lines",
    answer: "*** Begin Patch\n*** Delete File: src/a.swift\n-old\n*** End Patch\n",
    blocks: WildAnswer.kept("unknownPatchLine")),
]

private let wholeFiles: [WildAnswer] = [
  WildAnswer(
    name: "a diff below a path is no file",
    answer:
      "src/a.swift\n```diff\n--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n```\n",
    blocks: ["src/a.swift: old -> new @0"], wholeFiles: true),
  WildAnswer(
    name: "neither in a fence that says nothing",
    answer:
      "src/a.swift\n```\n--- a/src/a.swift\n+++ b/src/a.swift\n@@ -1 +1 @@\n-old\n+new\n```\n",
    blocks: ["src/a.swift: old -> new @0"], wholeFiles: true),
  WildAnswer(
    name: "a patch below a path is no file",
    answer:
      "src/a.swift\n```\n*** Begin Patch\n*** Update File: src/a.swift\n@@\n-old\n+new\n*** End Patch\n```\n",
    blocks: read, wholeFiles: true),
  WildAnswer(
    name: "a deletion below a path is no file",
    answer: "src/a.swift\n```\n<<<<<<< DELETE\n```\n", blocks: ["src/a.swift: delete"],
    wholeFiles: true),
  WildAnswer(
    name: "a file that is a patch", answer: "x.patch\n```diff\n--- a/x\n+++ b/x\n```\n",
    blocks: ["x.patch: whole --- a/x|+++ b/x"], wholeFiles: true),
  WildAnswer(
    name: "a file with a start marker among its lines",
    answer: "src/a.swift\n```\nThe format:\nsrc/b.swift\n" + edit + "```\n",
    blocks: WildAnswer.kept("nestedStart"), wholeFiles: true),
  WildAnswer(
    name: "a file in tildes", answer: "src/a.swift\n~~~~swift\n```\nx\n```\n~~~~\n",
    blocks: ["src/a.swift: whole ```|x|```"], wholeFiles: true),
]

private let corpus = paths + markers + fileBlocks + diffs + patches + wholeFiles

@Suite struct WildAnswerTests {
  @Test(arguments: corpus.indices)
  func `what models were seen to write is read, or kept with a reason`(index: Int) {
    let wild = corpus[index]
    #expect(
      picture(parsed(wild.answer, wholeFiles: wild.wholeFiles)) == wild.blocks, "\(wild.name)")
  }

  @Test(arguments: corpus.indices)
  func `wild answers read the same in CRLF and cut at any byte`(index: Int) {
    let wild = corpus[index]
    let settings = EditBlockSettings(
      knownPaths: [bytes("src/a.swift"), bytes("src/b.swift")], acceptsWholeFiles: wild.wholeFiles)
    let crlf = parsed(wild.answer.replacing("\n", with: "\r\n"), wholeFiles: wild.wholeFiles)
    #expect(picture(crlf) == wild.blocks, "\(wild.name)")
    let answer = bytes(wild.answer)
    let whole = EditBlockParser.blocks(in: answer, settings)
    for cut in answer.indices {
      var parser = EditBlockParser(settings)
      parser.feed(answer[..<cut])
      let early = parser.blocks
      parser.feed(answer[cut...])
      parser.finish()
      #expect(parser.blocks == whole)
      // What was shown while the answer came stays.
      #expect(Array(whole.prefix(early.count)) == early)
    }
  }

  @Test func `the hunks of a diff and the chunks of a patch become available one by one`() {
    let diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-c\n+d\n@@ -12 +12 @@\n"
    let patch = "*** Begin Patch\n*** Update File: x\n@@\n-a\n+b\n@@\n-c\n+d\n@@\n"
    for (answer, counts) in [
      (diff, [0, 0, 0, 0, 0, 1, 1, 1, 2]), (patch, [0, 0, 0, 0, 0, 1, 1, 1, 2]),
    ] {
      var parser = EditBlockParser()
      var seen: [Int] = []
      for line in answer.split(separator: "\n") {
        parser.feed(bytes(line + "\n"))
        seen.append(parser.blocks.count)
      }
      #expect(seen == counts)
      #expect(parser.isInsideBlock)
    }
  }
}
