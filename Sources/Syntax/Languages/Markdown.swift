// Markdown: its shape is in the lexer.

extension Grammar {
  static let markdown = Grammar(
    names: "markdown md",
    endings: "md markdown mdown mkd mdx qmd",
    fileNames: "readme changelog",
    shape: .markdown,
    blockComments: [BlockComment(open: "<!--", close: "-->")])
}
