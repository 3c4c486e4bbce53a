// TOML 1.0: what is read, with lines, and what is refused, with lines.

import Testing

@testable import Workstation

private func table(_ text: String) throws(TOMLError) -> TOMLTable {
  try TOMLParser.table(of: Array(text.utf8))
}

private func value(_ text: String) throws(TOMLError) -> TOMLValue? {
  try table("key = \(text)\n").entry("key")?.node.value
}

/// A table as text: sorted nothing, in the order of the file.
private func shown(_ table: TOMLTable) -> String {
  "{" + table.entries.map { "\($0.key)@\($0.line)=\(shown($0.node.value))" }.joined(separator: " ")
    + "}"
}

private func shown(_ value: TOMLValue) -> String {
  switch value {
  case .string(let text): "'\(text)'"
  case .integer(let number): String(number)
  case .boolean(let flag): String(flag)
  case .float(let text): "float \(text)"
  case .date(let text): "date \(text)"
  case .array(let nodes): "[" + nodes.map { shown($0.value) }.joined(separator: ",") + "]"
  case .table(let table): shown(table)
  }
}

@Suite struct TOMLParserTests {
  @Test func `tables, lists of tables and dotted keys nest as the language says`() throws {
    let read = try table(
      """
      title = "x" # a comment
      site."google.com" = true

      [fruit]
      apple.color = 1
      apple.taste.sweet = 2

      [fruit.apple.texture]
      smooth = 3

      [x.y.z]
      [x]
      a = [ 1,
        [2, 3], # inner
        { b = 4, c.d = 5 },
      ]

      [[product]]
      name = 'one'
      [[product.part]]
      n = 1
      [[product.part]]
      n = 2
      [product.box]
      [[product]]
      """)
    #expect(
      shown(read)
        == "{title@1='x' site@2={google.com@2=true} "
        + "fruit@4={apple@5={color@5=1 taste@6={sweet@6=2} texture@8={smooth@9=3}}} "
        + "x@11={y@11={z@11={}} a@13=[1,[2,3],{b@15=4 c@15={d@15=5}}]} "
        + "product@18=[{name@19='one' part@20=[{n@21=1},{n@23=2}] box@24={}},{}]}")
    guard case .array(let products)? = read.entry("product")?.node.value else {
      Issue.record("no products")
      return
    }
    #expect(products.map(\.line) == [18, 25])
  }

  @Test(arguments: [
    (#""a\tb\"\\\u00E9\U0001F600""#, "a\tb\"\\é\u{1F600}"),
    (#"'C:\new'"#, #"C:\new"#),
    ("\"\"\"\nfirst\n  second\"\"\"", "first\n  second"),
    ("\"\"\"a \\\n   \n   b\\u0041\"\"\"", "a bA"),
    ("\"\"\"\"two\"\" quotes\"\"\"\"\"", "\"two\"\" quotes\"\""),
    ("'''\n'raw' \\n'''''", "'raw' \\n''"),
    ("\"\"\"\"\"\"", ""), ("''", ""), (#""\u0000""#, "\0"),
    ("\"\"\"a\r\nb\"\"\"", "a\r\nb"),
  ])
  func `strings of all four kinds are read exactly`(text: String, content: String) throws {
    guard case .string(let read)? = try value(text) else {
      Issue.record("no string")
      return
    }
    #expect(Array(read.utf8) == Array(content.utf8))
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("+17", 17), ("-1_000", -1000), ("0xDEAD_beef", 0xDEAD_BEEF),
      ("0o755", 0o755), ("0b1101", 13), ("9223372036854775807", .max),
      ("-9223372036854775808", .min),
    ] as [(String, Int64)])
  func `whole numbers are read in every base`(text: String, number: Int64) throws {
    #expect(try value(text) == .integer(number))
  }

  @Test(arguments: ["1.5", "-3.1_4e+02", "1e5", "inf", "-nan", "0.0"])
  func `numbers with a fraction are told apart`(text: String) throws {
    #expect(try value(text) == .float(text))
  }

  @Test(arguments: [
    "1979-05-27", "07:32:00", "07:32:00.999", "1979-05-27T07:32:00Z", "1979-05-27 07:32:00",
    "1979-05-27t00:32:00.5-07:00",
  ])
  func `dates and times are told apart`(text: String) throws {
    #expect(try value(text) == .date(text))
  }

  @Test(arguments: [
    "01", "1_", "_1", "1__0", "0x", "0xG", "-0x1", "9223372036854775808", "1.", ".5", "1e", "1.e5",
    "True", "abc", "1979-5-27", "07:32", "+true", "", "\"a", "'a", "\"a\nb\"", "\"\"\"a\"\"",
    "\"\\x\"", "\"\\uD800\"", "\"\\u12\"", "[1 2]", "[,]", "[1,,2]", "{a=1,}", "{a=1\n}", "{a}",
    "1 2", "\"a\" b", "[1", "{a=1", "= 1",
  ])
  func `what is no value is refused`(text: String) {
    let error = #expect(throws: TOMLError.self) { try value(text) }
    #expect((1...2).contains(error?.line ?? 0), "\(String(describing: error))")
  }

  @Test(arguments: [
    ("a = 1\na = 2", 2, "\"a\" again (first on line 1)"),
    ("[a]\n[a]", 2, "\"a\" again (first on line 1)"),
    ("[a]\nb = 1\n[a.b]", 3, "\"b\" again (first on line 2)"),
    ("[a]\nb.c = 1\n[a.b]", 3, "\"b\" again (first on line 2)"),
    ("[a.b]\n[a]\nb.c = 1", 3, "\"b\" again (first on line 1)"),
    ("a = {b = 1}\na.c = 2", 2, "\"a\" again (first on line 1)"),
    ("a = {b = 1}\n[a.c]", 2, "\"a\" again (first on line 1)"),
    ("a = [{}]\n[[a]]", 2, "\"a\" again (first on line 1)"),
    ("[[a]]\n[a]", 2, "\"a\" again (first on line 1)"),
    ("[a]\n[[a]]", 2, "\"a\" again (first on line 1)"),
    ("a = {b = 1, b = 2}", 1, "\"b\" again (first on line 1)"),
    ("\n\n[a", 3, "the end of the file"),
    ("[[a]\nb=1", 1, "\"]\""),
    ("[a] b = 1", 1, "\"b\""),
    ("a = 1 b = 2", 1, "\"b\""),
    ("\n= 1", 2, "\"=\""),
    ("a\nb = 1", 1, "the end of the line"),
    ("a.b. = 1", 1, "\"=\""),
    ("ключ = 1", 1, "\"к\""),
    ("a = yes", 1, "\"yes\""),
    ("a = \"x\u{1B}[2J\"", 1, "the control character <U+001B>"),
    ("b = 1\n# \u{7F}", 2, "the control character <U+007F>"),
    ("a = 1\rb = 2", 1, "the control character <U+000D>"),
  ])
  func `a broken file is refused with line and reason`(text: String, line: Int, found: String) {
    let error = #expect(throws: TOMLError.self) { try table(text) }
    #expect(error?.line == line)
    #expect(error?.found == found)
  }

  @Test func `names that only look alike are different keys`() throws {
    let read = try table("\"\u{E9}\" = 1\n\"e\u{301}\" = 2\n")
    #expect(read.entry("\u{E9}")?.node.value == .integer(1))
    #expect(read.entry("e\u{301}")?.node.value == .integer(2))
  }

  @Test func `bytes that are not UTF-8, and nesting without end, are refused`() {
    #expect(throws: TOMLError.self) { try TOMLParser.table(of: [0x61, 0x3D, 0x22, 0xFF, 0x22]) }
    let deep = "a = " + String(repeating: "[", count: 50_000)
    #expect(throws: TOMLError.self) { try table(deep) }
    let deepTables = String(repeating: "{a=", count: 50_000)
    #expect(throws: TOMLError.self) { try table("a = " + deepTables) }
  }

  @Test func `a byte order mark and Windows line ends do no harm`() throws {
    #expect(try shown(table("\u{FEFF}a = 1\r\n\r\n[b] # c\r\nd = 2")) == "{a@1=1 b@3={d@4=2}}")
  }

  @Test func `every beginning of a file is either read or refused, never a trap`() throws {
    let whole = Array(
      """
      a."b" = "x\\u0041\\"" # c
      [t.'u']
      l = [1, {k = 'v'}, \"\"\"m\\
        n\"\"\", 0x1F, 1979-05-27 07:32:00Z, -1.5e3]
      [[e]]
      é = '''q'''
      """.utf8)
    for length in 0...whole.count {
      _ = try? TOMLParser.table(of: Array(whole[..<length]))
      _ = try? TOMLParser.table(of: Array(whole[length...]))
    }
  }
}
