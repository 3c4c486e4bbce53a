// Zig, as a grammar table.

extension Grammar {
  static let zig = Grammar(
    names: "zig",
    endings: "zig zon",
    lineComments: [LineComment(open: "//"), LineComment(open: "\\\\", kind: .string)],
    strings: [
      StringRule(open: "@\"", close: "\""), StringRule(open: "\"", close: "\""),
    ],
    sigils: [Sigil(lead: "@", kind: .function)],
    specials: [.character],
    heuristics: [.capitalisedTypes, .calls],
    keywords: """
      addrspace align allowzero and anyframe asm async await break callconv catch comptime const
      continue defer else enum errdefer error export extern for if inline linksection noalias
      noinline nosuspend opaque or orelse packed pub resume return struct suspend switch test
      threadlocal try union unreachable usingnamespace var volatile while
      """,
    functionIntroducers: "fn",
    types: """
      anyerror anyopaque anytype bool c_char c_int c_long c_longdouble c_longlong c_short c_uint
      c_ulong c_ulonglong c_ushort comptime_float comptime_int
      f16 f32 f64 f80 f128 i0 i8 i16 i32 i64 i128 isize noreturn type u0 u1 u8 u16 u32 u64 u128 usize void
      """,
    constants: "true false null undefined")
}
