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
      // Opened by the lexer, where the text is no function's body.
      StringRule(
        open: "$", close: "$", needsPrefix: true, fence: .dollar, escape: .none, spansLines: true),
    ],
    sigils: [Sigil(lead: "$", kind: nil)],
    specials: [.dollarBody],
    heuristics: [.calls],
    ignoresCase: true,
    keywords: """
      add after alias all alter always analyze and any array as asc attach autoincrement
      auto_increment before begin between both by call called cascade case check coalesce collate
      column commit concurrently constant constraint continue copy cost create cross cursor database
      declare default deferrable deferred definer delete desc detach diagnostics disable distinct do
      drop each else elsif enable end engine escape except exception exclude execute exists exit
      explain extension extract fetch filter for foreach foreign from full function generated grant
      group having identity if ignore ilike immediate immutable in increment index inherit inherits
      initially inner inout insert instead intersect into invoker is isnull join key language last
      lateral leading leakproof left like limit lock loop materialized maxvalue merge minvalue natural
      next no not nothing notice notnull nullif nulls of offset on only or order others out outer over
      owned owner parallel partition perform plan position pragma precision primary privileges
      procedure raise recursive references reindex release rename replace restrict return returning
      returns revoke right role rollback row rows savepoint schema security select sequence set setof
      show some sql sqlstate stable start statement strict substring table temp temporary then to
      trailing transaction trigger trim truncate type union unique unlogged update using vacuum
      values variadic view volatile when where while window with without
      """,
    types: """
      anyarray anyelement bigint bigserial binary bit blob bool boolean bytea char character cidr clob date datetime
      decimal double enum event_trigger float inet int int2 int4 int8 integer interval json jsonb longtext mediumtext money nchar
      numeric nvarchar oid pg_lsn real record regclass serial smallint text time timestamp timestamptz tinyint
      tsvector uuid varbinary varchar varying void xml zone
      """,
    constants: "true false null current_date current_time current_timestamp current_user unknown")
}
