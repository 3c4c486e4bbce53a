import Diffing
import Testing

@Suite struct EnclosingLineTests {
  private static func heading(_ text: String, above line: Int) -> String? {
    let file = TextFile(Array(text.utf8))
    return file.enclosingLine(of: line).map {
      String(decoding: file.lineContent($0), as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("struct A {\n  func f() {\n    if x {\n      y\n    }\n  }\n}\n", 3, "  func f() {"),
    ("struct A {\n  let a = 1\n\n  let b = 2\n}\n", 3, "struct A {"),
    ("static int f(int a)\n{\n\tif (a)\n\t\treturn 1;\n}\n", 3, "static int f(int a)"),
    ("class A:\n    def f(self):\n        for x in y:\n            pass\n", 3, "    def f(self):"),
    ("a:\n  b:\n    c: 1\n", 2, "a:"),
    // A blank line belongs where the next one does.
    ("fn f() {\n\n    x\n}\n", 1, "fn f() {"),
  ])
  func `a line belongs to the declaration it is indented below`(
    text: String, line: Int, heading: String
  ) {
    #expect(Self.heading(text, above: line) == heading)
  }

  @Test(arguments: [("a\nb\nc\n", 2), ("", 0), ("x\n", 5), ("    a\n    b\n", 1), ("\n\n", 0)])
  func `where nothing above is less indented there is no heading`(text: String, line: Int) {
    #expect(Self.heading(text, above: line) == nil)
  }

  @Test func `the search ends`() {
    let file = TextFile(Array(("func f() {\n" + String(repeating: "  x\n", count: 2_000)).utf8))
    #expect(file.enclosingLine(of: 300) == 0)
    #expect(file.enclosingLine(of: 1_500) == nil)
  }
}
