// HTML and XML.

extension Grammar {
  static let html = Grammar(
    names: "html xhtml htm vue svelte",
    endings: "html htm xhtml vue svelte ejs hbs mustache erb jsp aspx cshtml",
    shape: .markup,
    blockComments: markupComments,
    strings: markupStrings)

  static let xml = Grammar(
    names: "xml svg plist",
    endings: """
      xml svg xsd xsl xslt plist rss atom csproj vbproj fsproj props targets resx xaml storyboard
      xib wsdl pom xlf
      """,
    fileNames: "pom.xml",
    shape: .markup,
    blockComments: markupComments,
    strings: markupStrings)

  /// What stands between `<` and `>` and is no tag.
  static let markupComments = [
    BlockComment(open: "<!--", close: "-->"),
    BlockComment(open: "<![cdata", close: "]]>", kind: .string),
    BlockComment(open: "<!", close: ">", kind: .preprocessor),
    BlockComment(open: "<?", close: "?>", kind: .preprocessor),
  ]

  /// Attribute values: the lexer takes the first for `"`, the second for `'`.
  static let markupStrings = [
    StringRule(
      open: "\"", close: "\"", escape: .none, interpolation: .phpTag, spansLines: true),
    StringRule(open: "'", close: "'", escape: .none, interpolation: .phpTag, spansLines: true),
  ]
}
