// Marked samples of languages with a runtime; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let managedGolden: [Golden] = [
    Golden(
      .java,
      ##"""
      | /** Posts entries. */
      : ccccccccccccccccccccc
      | @Override
      : ppppppppp
      | public final class Ledger extends Base<Entry> implements Closeable {
      : kkkkkk kkkkk kkkkk tttttt kkkkkkk tttt ttttt  kkkkkkkkkk ttttttttt
      |   private static final int MAX_SIZE = 1_000L;
      :   kkkkkkk kkkkkk kkkkk ttt oooooooo   nnnnnn
      |   String text = """
      :   tttttt        sss
      |       a "quoted" text
      : sssssssssssssssssssss
      |       """;
      : sssssssss
      |   char c = '\'';
      :   tttt     ssss
      |   void post(Entry e) throws IOException { this.log.info("x" + Entry.class); new Entry(); }
      :   tttt ffff ttttt    kkkkkk ttttttttttt   kkkk     ffff sss   ttttt kkkkk   kkk ttttt
      | }
      :
      """##),
    Golden(
      .kotlin,
      ##"""
      | package ledger
      : kkkkkkk
      | @Serializable data class Entry(val amount: Long = 10L, var name: String?)
      : ppppppppppppp kkkk kkkkk ttttt kkk         tttt   nnn  kkk       tttttt
      | fun String.post(e: Entry) = "total ${e.amount + size("x")} of $name\n"
      : kkk tttttt ffff    ttttt    sssssssss           ffff sss sssssooooosss
      | val raw = """
      : kkk       sss
      |   ${raw.length} \ "
      : ssss          sssss
      | """
      : sss
      | when (x) { is Entry -> 'c'; else -> null } // end
      : kkkk       kk ttttt    sss  kkkk    oooo   cccccc
      """##),
    Golden(
      .csharp,
      ##"""
      | #region Ledger
      : ppppppp tttttt
      | using System;
      : kkkkk tttttt
      | [Serializable] public record Entry(decimal Amount);
      : pppppppppppppp kkkkkk kkkkkk ttttt ttttttt tttttt
      | class Ledger : IDisposable {
      : kkkkk tttttt   ttttttttttt
      |   string path = @"C:\dir\""quoted""";
      :   tttttt        ssssssssssssssssssss
      |   string text = $"total {entries.Sum(e => e.Amount):N2} {{x}}";
      :   tttttt        sssssssss        fff        tttttt  ttssssssss
      |   string raw = """"
      :   tttttt       ssss
      |     a """ b
      : sssssssssss
      |     """";
      : ssssssss
      |   async Task<int> Post(string @class) { await Task.Delay(1); return 'x'; } // done
      :   kkkkk tttt ttt  ffff tttttt           kkkkk tttt fffff n   kkkkkk sss    ccccccc
      | }
      :
      """##),
    Golden(
      .scala,
      ##"""
      | /* a /* b */ c */ package ledger
      : ccccccccccccccccc kkkkkkk
      | @tailrec final def post[T](e: Entry): String = s"total ${e.amount + 1} of $name" + raw"\"
      : pppppppp kkkkk kkk ffff t     ttttt   tttttt   ssssssssss           nsssssooooos   ssssss
      | case class Entry(amount: Long = 10L) extends Base
      : kkkk kkkkk ttttt         tttt   nnn  kkkkkkk tttt
      | val c = 'x'; val s = 'sym; val t = """a "b"
      : kkk     sss  kkk     oooo  kkk     ssssssss
      | c"""
      : ssss
      """##),
    Golden(
      .haskell,
      ##"""
      | {-# LANGUAGE GADTs #-}
      : pppppppppppppppppppppp
      | module Ledger (post) where -- note
      : kkkkkk tttttt        kkkkk ccccccc
      | {- a {- b -} c -}
      : ccccccccccccccccc
      | data Entry = Entry { amount :: Int }
      : kkkk ttttt   ttttt             ttt
      | post :: Entry -> IO ()
      : ffff    ttttt    tt
      | post e = foldl' (-->) 0x1F ['a', '\n'] >> putStrLn "it's"
      : ffff                  nnnn  sss  ssss              ssssss
      """##),
    Golden(
      .csharp,
      ##"""
      |   [Test, Category("a")] void Go([In] int x) { y = from + select; }
      :   ppppppppppppppppppppp tttt ff  tt  ttt
      |   [assembly: Name("x[0]")]
      :   pppppppppppppppppppppppp
      |   [Obsolete(
      :   pppppppppp
      |     "old")]
      : ppppppppppp
      |   [i] = x;
      :
      |   var q = from e in list where e > 1 orderby e descending select new { e };
      :   ttt     kkkk   kk      kkkkk     n kkkkkkk   kkkkkkkkkk kkkkkk kkk
      """##),
    Golden(
      .kotlin,
      ##"""
      | data class A(val value: Int) { private set; init { open(value) } }
      : kkkk kkkkk t kkk        ttt    kkkkkkk kkk  kkkk   ffff
      | internal inner class B { val data = inner; sealed interface C }
      : kkkkkkkk kkkkk kkkkk t   kkk               kkkkkk kkkkkkkkk t
      """##),
    Golden(
      .scala,
      ##"""
      | open class A { def end = x.asInstanceOf[this.type]; inline def f(using a: A) = open }
      : kkkk kkkkk t   kkk fff     kkkkkkkkkkkk kkkk kkkk   kkkkkk kkk f kkkkk    t
      """##),
    Golden(
      .java,
      ##"""
      | sealed interface A permits B { record C(int x) {} } int record = with(to);
      : kkkkkk kkkkkkkkk t kkkkkkk t   kkkkkk t ttt         ttt          ffff
      """##),
  ]
}
