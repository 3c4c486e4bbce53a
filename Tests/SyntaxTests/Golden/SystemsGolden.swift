// Marked samples of languages that compile to machine code; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let systemsGolden: [Golden] = [
    Golden(
      .swift,
      ##"""
      | import Syntax  // the lexer
      : kkkkkk tttttt  cccccccccccc
      | @MainActor final class Ledger<Entry: Hashable> {
      : pppppppppp kkkkk kkkkk tttttt ttttt  tttttttt
      |   private var total = 0x1F + 1_000.5e-3
      :   kkkkkkk kkk         nnnn   nnnnnnnnnn
      |   /* outer /* nested */
      :   ccccccccccccccccccccc
      |      still a comment */
      : ccccccccccccccccccccccc
      |   func post(_ entry: Entry) async throws -> Int? {
      :   kkkk ffff          ttttt  kkkkk kkkkkk    ttt
      |     guard entry != .default, self.total > 0...5 else { return nil }
      :     kkkkk                    kkkk         n   n kkkk   kkkkkk ooo
      |     print("a \(name(of: "x") + 1) b\n", #"raw \(no) \#(yes)"#)
      :     fffff sssssffff     sss    nssssss  sssssssssssssss   sss
      |     return entry.map { $0.class }
      :     kkkkkk
      |   }
      :
      |   let text = """
      :   kkk        sss
      |     line \(total) "quoted"
      : sssssssssss     ssssssssss
      |     """
      : sssssss
      |   @Test func `a name with blanks`() { try `if`(1) }
      :   ppppp kkkk ffffffffffffffffffff     kkk ffff n
      |   #if DEBUG
      :   ppp ttttt
      |   let open = "never closed
      :   kkk        sssssssssssss
      |   enum Kind { case `default`(Int) }
      :   kkkk tttt   kkkk fffffffff ttt
      | }
      :
      """##),
    Golden(
      .c,
      ##"""
      | #include <stdio.h>
      : pppppppp sssssssss
      | # define LIMIT 10 /* of
      : pppppppp ooooo nn ccccc
      |    lines */ + 0x7fUL
      : ccccccccccc   nnnnnn
      | // goes on \
      : cccccccccccc
      |    here
      : ccccccc
      | static size_t count (const char *s, struct node *n) {
      : kkkkkk tttttt fffff  kkkkk tttt     kkkkkk tttt
      |   for (int i = 0; i < LIMIT; i++) printf("%s\n", n->next);
      :   kkk  ttt     n      ooooo       ffffff ssssss
      |   char c = '\'', d = 'x'; // don't
      :   tttt     ssss      sss  cccccccc
      |   if (!s) return NULL;
      :   kk      kkkkkk oooo
      |   puts("one \
      :   ffff ssssss
      | two");
      : ssss
      | }
      :
      """##),
    Golden(
      .cpp,
      ##"""
      | template <typename Type> class Box : public Base {
      : kkkkkkkk  kkkkkkkk tttt  kkkkk ttt   kkkkkk tttt
      |   auto text = R"x(a " )"
      :   kkkk        ssssssssss
      |   still )x";
      : sssssssssss
      |   std::vector<int> v{1'000'000, 0b1010, .5f};
      :               ttt    nnnnnnnnn  nnnnnn  nnn
      |   [[nodiscard]] bool full() const noexcept override { return this->size() == u8"e"[0]; }
      :                 tttt ffff   kkkkk kkkkkkkk kkkkkkkk   kkkkkk kkkk  ffff      sssss n
      | };
      :
      | #ifndef GUARD
      : ppppppp ooooo
      | namespace ledger { constexpr auto none = nullptr; }
      : kkkkkkkkk tttttt   kkkkkkkkk kkkk        ooooooo
      """##),
    Golden(
      .objectiveC,
      ##"""
      | #import <Foundation/Foundation.h>
      : ppppppp sssssssssssssssssssssssss
      | @interface Ledger : NSObject
      : kkkkkkkkkk tttttt   tttttttt
      | @property (nonatomic, copy) NSString *name;
      : kkkkkkkkk  kkkkkkkkk  kkkk  tttttttt
      | - (BOOL)post:(id)entry;
      :    tttt ffff  tt
      | @end
      : kkkk
      | [self log:@"%@ \"x\"", @(42), nil];
      :  kkkk fff sssssssssss    nn   ooo
      """##),
    Golden(
      .rust,
      ##"""
      | #[derive(Debug, Clone)]
      : ppppppppppppppppppppppp
      | #![allow(
      : ppppppppp
      |   dead_code)]
      : ppppppppppppp
      | pub struct Ledger<'a> { name: &'a str, sign: char }
      : kkk kkkkkk tttttt oo           oo ttt        tttt
      | impl<'a> Ledger<'a> {
      : kkkk oo  tttttt oo
      |     /* one /* two */ */ fn post(&mut self, amount: u64) -> Result<(), Error> {
      :     ccccccccccccccccccc kk ffff  kkk kkkk          ttt     tttttt     ttttt
      |         let c = 'x'; let n = '\n'; let raw = r#"a "b" \"#;
      :         kkk     sss  kkk     ssss  kkk       ssssssssssss
      |         println!("{} {}", amount, 1_000u64); // note
      :         ffffffff sssssss          nnnnnnnn   ccccccc
      |         let bytes = b"abc"; let x = 0..10; let r#type = self.await;
      :         kkk         ssssss  kkk     n  nn  kkk   kkkk   kkkk kkkkk
      |         if a != b { Ok(()) } else { Err(Error::MAX_SIZE) }
      :         kk          oo       kkkk   ooo ttttt  oooooooo
      |     }
      :
      | }
      :
      | let text = "over
      : kkk        sssss
      | lines";
      : ssssss
      """##),
    Golden(
      .go,
      ##"""
      | package main
      : kkkkkkk
      | import "fmt"
      : kkkkkk sssss
      | type Entry struct { Amount int64 `json:"amount"` }
      : kkkk ttttt kkkkkk   tttttt ttttt sssssssssssssss
      | func (l *Ledger) Post(e Entry) error {
      : kkkk     tttttt  ffff   ttttt  ttttt
      | 	raw := `one
      :         ssss
      | two`
      : ssss
      | 	r := '\n'
      :       ssss
      | 	fmt.Println("posted", 1e9, 0x1F, nil) // done
      :      fffffff ssssssss  nnn  nnnn  ooo  ccccccc
      | 	for i := range l.entries { go func() { ch <- i }() }
      :  kkk      kkkkk             kk kkkk
      | 	return errors.New("no")
      :  kkkkkk        fff ssss
      | }
      :
      """##),
    Golden(
      .zig,
      ##"""
      | const std = @import("std"); // note
      : kkkkk       fffffff sssss   ccccccc
      | pub fn post(self: *Ledger, amount: u64) !void {
      : kkk kk ffff        tttttt          ttt   tttt
      |     const text =
      :     kkkkk
      |         \\line one "
      :         ssssssssssss
      |         \\line two
      :         ssssssssss
      |     ;
      :
      |     const c = 'x'; var n: ?u8 = null;
      :     kkkkk     sss  kkk     tt   oooo
      | }
      :
      """##),
    Golden(
      .objectiveC,
      ##"""
      | @implementation Ledger
      : kkkkkkkkkkkkkkk tttttt
      | + (instancetype) ledger { return [self new]; }
      :    tttttttttttt  ffffff   kkkkkk  kkkk
      | - (void)post:(Entry *)e after:(int (^)(void))b
      :    tttt ffff  ttttt     fffff  ttt     tttt
      |         note: (NSString*)n
      :         ffff   tttttttt
      | {
      :
      |   switch (x) { case kind: goto out; }
      :   kkkkkk       kkkk       kkkk kkk
      |   [e add: x ? y : _MAX_SIZE];
      :      fff          ooooooooo
      | out:
      : kkk
      |   return;
      :   kkkkkk
      | }
      :
      """##),
    Golden(
      .swift,
      ##"""
      | package open class A { let value = any(copy), open = some; var b: any P { get } }
      : kkkkkkk kkkk kkkkk t   kkk         fff                     kkk    kkk t   kkk
      | open(prefix: x); prefix operator +++
      : ffff             kkkkkk kkkkkkkk
      | let t: _Node = 0x1.8p-3 + _MAX
      : kkk    ttttt   nnnnnnnn   tttt
      """##),
    Golden(
      .zig,
      ##"""
      | const a = 0x1.fffffep+127; const b: c_longlong = 0xFF.len;
      : kkkkk     nnnnnnnnnnnnnnn  kkkkk    tttttttttt   nnnn
      """##),
    Golden(
      .c,
      ##"""
      | #if 0 // it's left out
      : ppp nccccccccccccccccc
      | "open
      : ccccc
      |   # ifdef A /*
      : cccccccccccccc
      | #else
      : ccccc
      |   # endif
      : ccccccccc
      | #elif X
      : ppppp
      | int a = 0;
      : ttt     n
      | #endif
      : pppppp
      | #if 0 || B
      : ppp n
      | int b;
      : ttt
      """##),
  ]
}
