// SQL, in the words the common databases share.

extension Grammar {
  static let sql = Grammar(
    names: "sql postgresql plpgsql mysql sqlite",
    endings: "sql ddl dml pgsql",
    lineComments: [LineComment(open: "--")],
    blockComments: [BlockComment(open: "/*", close: "*/", nests: true)],
    strings: [
      StringRule(open: "'", close: "'", prefixes: "e", needsPrefix: true, spansLines: true),
      StringRule(
        open: "'", close: "'", prefixes: "n b x", escape: .doubling, spansLines: true),
      StringRule(open: "\"", close: "\"", escape: .doubling),
      StringRule(open: "`", close: "`", escape: .doubling, mustClose: true),
      StringRule(open: "$", close: "$", fence: .dollar, escape: .none, spansLines: true),
    ],
    heuristics: [.calls],
    ignoresCase: true,
    keywords: """
      add all alter analyze and any as asc attach autoincrement auto_increment before begin between
      by call cascade case check collate column commit concurrently constraint copy create cross
      cursor database declare default deferrable deferred delete desc detach distinct do drop each
      else elsif end escape except exclude execute exists explain extension filter for foreign from
      full function generated grant group having if ignore ilike immediate in index initially inner
      insert intersect into is isnull join key language last lateral left like limit lock loop
      materialized merge natural no not nothing notnull nulls of offset on only or order outer over
      owner partition plan pragma precision primary privileges procedure raise recursive references
      reindex release rename replace restrict return returning returns revoke right role rollback
      row rows savepoint schema select sequence set show some start table temp temporary then to
      transaction trigger truncate type union unique unlogged update using vacuum values view when
      where while window with without
      """,
    types: """
      bigint bigserial binary bit blob bool boolean bytea char character cidr clob date datetime
      decimal double enum float inet int integer interval json jsonb longtext mediumtext money nchar
      numeric nvarchar real regclass serial smallint text time timestamp timestamptz tinyint
      tsvector uuid varbinary varchar varying xml zone
      """,
    constants: "true false null current_date current_time current_timestamp current_user unknown")
}
