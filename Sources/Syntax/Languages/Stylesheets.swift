// CSS and the dialects that add line comments to it.

extension Grammar {
  static let css = Grammar(
    names: "css",
    endings: "css",
    shape: .stylesheet,
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: stylesheetStrings,
    constants: stylesheetConstants)

  static let scss = Grammar(
    names: "scss less sass",
    endings: "scss less sass pcss",
    shape: .stylesheet,
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: stylesheetStrings,
    constants: stylesheetConstants)

  private static let stylesheetStrings = [
    StringRule(open: "\"", close: "\"", continues: true),
    StringRule(open: "'", close: "'", mustClose: true),
  ]
  private static let stylesheetConstants = """
    auto none inherit initial unset revert transparent currentColor block inline flex grid absolute
    relative fixed sticky solid dashed dotted hidden visible bold normal italic center left right
    top bottom black white red green blue
    """
}
