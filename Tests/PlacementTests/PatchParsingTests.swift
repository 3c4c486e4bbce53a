import Placement
import Testing

@Suite struct PatchParsingTests {
  @Test func `an apply_patch envelope becomes one block per chunk`() {
    let answer = """
      ```
      *** Begin Patch
      *** Add File: src/new.swift
      +one
      +two
      *** Delete File: src/old.swift
      *** Update File: src/a.swift
      *** Move to: src/c.swift
      @@ struct Ledger {
      @@ func total() {
       let a = 1
      -let b = 2
      +let b = 3

       let c = 4
      @@ -40,2 +40,2 @@
      -x
      +y
      *** End of File
      *** End Patch
      ```
      """
    #expect(
      picture(parsed(answer)) == [
        "src/new.swift: new one|two", "src/old.swift: delete", "src/a.swift: move src/c.swift",
        "src/a.swift: let a = 1|let b = 2||let c = 4 -> let a = 1|let b = 3||let c = 4 in struct Ledger {|func total() {",
        "src/a.swift: x -> y @39",
      ])
  }

  @Test(arguments: [
    ("*** Begin Patch\n*** Update File: a\n-x\n+y\n", ["a: malformed unfinished"]),
    ("*** Begin Patch\n*** Update File: a\nx\n*** End Patch\n", ["a: malformed lineWithoutSign"]),
    ("*** Begin Patch\n*** Update File: a\n*** End Patch\n", ["a: malformed noHunks"]),
    ("*** Begin Patch\nhello\n*** End Patch\n", [": malformed unknownPatchLine"]),
    ("*** Begin Patch\n*** Update File:\n-x\n*** End Patch\n", [": malformed missingPath"]),
    ("*** Begin Patch\n*** Add File: a\nx\n*** End Patch\n", ["a: malformed lineWithoutSign"]),
    ("*** Update File: a\n-x\n+y\n*** End Patch\n", ["a: x -> y"]),
    ("```\n*** Begin Patch\n*** Update File: a\n-x\n+y\n```\n", ["a: x -> y"]),
  ])
  func `broken envelopes are kept with a reason`(answer: String, expected: [String]) {
    #expect(picture(parsed(answer)) == expected)
  }

  @Test func `a unified diff becomes one block per hunk with its line as a hint`() {
    let answer = """
      ```diff
      diff --git a/src/a.swift b/src/a.swift
      index 1..2 100644
      --- a/src/a.swift
      +++ b/src/a.swift
      @@ -3,3 +3,3 @@ func f() {
       a
      -b
      +c
       d
      @@ -10,2 +10,1 @@
      --- e
       f
      \\ No newline at end of file
      --- a/src/b.swift
      +++ b/src/b.swift
      @@ -1 +1 @@
      -x
      +y

      ```
      """
    #expect(
      picture(parsed(answer)) == [
        "src/a.swift: a|b|d -> a|c|d @2", "src/a.swift: -- e|f -> f @9", "src/b.swift: x -> y @0",
      ])
  }

  @Test func `diffs create, delete and rename files`() {
    let answer = """
      --- /dev/null
      +++ b/new.txt
      @@ -0,0 +1,2 @@
      +one
      +two
      --- a/old.txt
      +++ /dev/null
      @@ -1 +0,0 @@
      -one
      diff --git a/p.txt b/q.txt
      similarity index 90%
      rename from p.txt
      rename to q.txt
      """
    #expect(
      picture(parsed(answer)) == [
        "new.txt: new one|two", "old.txt: delete", "p.txt: move q.txt",
      ])
  }

  @Test(arguments: [
    ("src/a.swift\n@@ -1,1 +1,1 @@\n-a\n+b\n\nThat is all.\n", ["src/a.swift: a -> b @0"]),
    ("Some words here\n@@ -1,1 +1,1 @@\n-a\n+b\n", [": malformed missingPath"]),
    ("```\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\nc\n```\n", ["x: malformed lineWithoutSign"]),
    ("--- a/x\n+++ b/x\n", ["x: malformed noHunks"]),
    ("--- x\nnot a diff\n", []),
    ("a table\n--- | ---\n", []),
    ("--- a/x\n+++ b/x\n@@ @@\n a\n-b\n+c\n", ["x: a|b -> a|c"]),
  ])
  func `sloppy diffs are read as far as they are unambiguous`(answer: String, expected: [String]) {
    #expect(picture(parsed(answer)) == expected)
  }
}
