// CSS and the dialects that add line comments to it.

extension Grammar {
  static let css = Grammar(
    names: "css",
    endings: "css",
    shape: .stylesheet,
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: stylesheetStrings,
    keywords: stylesheetKeywords,
    constants: stylesheetConstants)

  static let scss = Grammar(
    names: "scss less sass",
    endings: "scss less sass pcss",
    shape: .stylesheet,
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: stylesheetStrings,
    keywords: stylesheetKeywords,
    constants: stylesheetConstants)

  private static let stylesheetStrings = [
    StringRule(open: "\"", close: "\"", continues: true),
    StringRule(open: "'", close: "'", continues: true, mustClose: true),
  ]
  /// Those of conditions; where they can stand a property or a selector is told first.
  private static let stylesheetKeywords = "and from not only or print screen to"
  private static let stylesheetConstants = """
    absolute all always auto baseline black block blue bold bolder border-box both bottom break-word
    capitalize center circle collapse column column-reverse contain content-box cover currentColor
    dashed default disc distribute dotted double ease ease-in ease-in-out ease-out ellipsis end fixed
    flex flex-end flex-start forwards gray green grey grid hidden infinite inherit initial inline
    inline-block inline-flex inset italic justify left line-through linear list-item local lowercase
    ltr middle monospace move no-repeat none normal not-allowed nowrap oblique orange outset outside
    padding-box pointer pre pre-line pre-wrap purple red relative repeat repeat-x repeat-y revert
    right round row row-reverse rtl sans-serif scroll separate serif silver small smaller solid
    space-around space-between start static sticky stretch sub super table table-cell table-row teal
    text thin top transparent underline unset uppercase vertical visible white wrap wrap-reverse
    yellow
    """
}
