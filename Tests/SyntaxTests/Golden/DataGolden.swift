// Marked samples of data formats; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let dataGolden: [Golden] = [
    Golden(
      .json,
      ##"""
      | { // note
      :   ccccccc
      |   "name": "a \"b\"", "size" : [1, -2.5e3, true, null],
      :   tttttt  sssssssss  tttttt    n   nnnnn  oooo  oooo
      |   "deep": { "a:b": "c:d" }
      :   tttttt    ttttt  sssss
      | }
      :
      """##),
    Golden(
      .yaml,
      ##"""
      | %YAML 1.2
      : ppppppppp
      | --- # doc
      : ppp ccccc
      | name: it's plain
      : tttt
      | "quoted key": 'it''s'
      : tttttttttttt  sssssss
      | anchors: &base { a: 1, b: [yes, 2.5, ~] }
      : ttttttt  ooooo   t  n  t   ooo  nnn  o
      | list:
      : tttt
      |   - !tag value
      :     pppp
      |   - key: |  # text
      :     ttt     cccccc
      |       a: b
      : ssssssssss
      |       # no comment
      : ssssssssssssssssss
      |
      :
      |       - x
      : sssssssss
      |     other: *base
      :     ttttt  ooooo
      |   - >-
      :
      |     folded
      : ssssssssss
      | url: http://x.y/#z # comment
      : ttt                ccccccccc
      | when: 2026-11-23T10:00:00Z
      : tttt  nnnnnnnnnnnnnnnnnnnn
      """##),
    Golden(
      .toml,
      ##"""
      | # note
      : cccccc
      | [package]
      : kkkkkkkkk
      | name = "a" # b
      : tttt   sss ccc
      | "quoted key".x = 'raw\'
      : ssssssssssss     ssssss
      | [[bin]]
      : kkkkkkk
      | list = [
      : tttt
      |   1_000, 0x1F,
      :   nnnnn  nnnn
      |   [1, 2],
      :    n  n
      | ]
      :
      | when = 2026-11-23T10:00:00Z
      : tttt   nnnnnnnnnnnnnnnnnnnn
      | inline = { a.b = true, c = inf }
      : tttttt     ttt   oooo  t   ooo
      | text = """
      : tttt   sss
      | [not a section]
      : sssssssssssssss
      | """
      : sss
      """##),
    Golden(
      .ini,
      ##"""
      | ; note
      : cccccc
      | [section "x"]
      : kkkkkkkkkkkkk
      | key = value # note
      : ttt         cccccc
      | path=/a;b
      : tttt
      | on = yes
      : tt   ooo
      """##),
    Golden(
      .protobuf,
      ##"""
      | // entries
      : cccccccccc
      | syntax = "proto3";
      : kkkkkk   ssssssss
      | import public 'a.proto';
      : kkkkkk kkkkkk sssssssss
      | message Entry {
      : kkkkkkk ttttt
      |   reserved 2 to max;  /* gone
      :   kkkkkkkk n kk kkk   ccccccc
      |   for good */
      : ccccccccccccc
      |   repeated string name = 1 [deprecated = true];
      :   kkkkkkkk tttttt        n               oooo
      |   optional google.protobuf.Timestamp at = 0x2;
      :   kkkkkkkk                 ttttttttt      nnn
      | }
      :
      | service Ledger { rpc Post(stream Entry) returns (Entry); }
      : kkkkkkk tttttt   kkk tttt kkkkkk ttttt  kkkkkkk  ttttt
      """##),
  ]
}
