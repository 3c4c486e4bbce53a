// Marked samples of scripting languages; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let scriptGolden: [Golden] = [
    Golden(
      .javascript,
      ##"""
      | #!/usr/bin/env node
      : ccccccccccccccccccc
      | import { a } from './a.js'; // don't
      : kkkkkk       kkkk ssssssss  cccccccc
      | const re = /[/"']\/x/gi, half = total / 2 / n;
      : kkkkk      ssssssssssss                 n
      | class Ledger extends Base { #count = 0n; async *post(e) { yield this.of(e); } }
      : kkkkk tttttt kkkkkkk tttt            nn  kkkkk  ffff      kkkkk kkkk ff
      | const text = `total ${entries.map(e => `<${e.amount}>`).join("")} of
      : kkkkk        sssssssss        fff      ssss        sss  ffff ss ssss
      |   ${MAX_SIZE}`;
      : ssssooooooooss
      | return <Panel title="x"><b>don't {name}</b></Panel>;
      : kkkkkk  ttttt ttttt sss  k               k   ttttt
      | if (typeof x === 'undefined' || x.default !== null) throw new Error("bad");
      : kk  kkkkkk       sssssssssss                  oooo  kkkkk kkk ttttt sssss
      | @decorate.me() function* go() { return 0xFF + 1_000.5e+3 }
      : pppppppppppp   kkkkkkkk  ff     kkkkkk nnnn   nnnnnnnnnn
      """##),
    Golden(
      .typescript,
      ##"""
      | export interface Entry<T> { readonly amount: number; name?: string }
      : kkkkkk kkkkkkkkk ttttt t    kkkkkkkk         tttttt         tttttt
      | type Pair = [string, unknown];
      : kkkk tttt    tttttt  ttttttt
      | function post<T extends Entry<T>>(e: T): asserts e is T { return e as any; }
      : kkkkkkkk ffff t kkkkkkk ttttt t      t   kkkkkkk   kk t   kkkkkk   kk ttt
      | enum Kind { A = 1 }
      : kkkk tttt   t   n
      | const f = (x: number) => x satisfies number;
      : kkkkk         tttttt       kkkkkkkkk tttttt
      """##),
    Golden(
      .python,
      ##"""
      | #!/usr/bin/env python3
      : cccccccccccccccccccccc
      | @dataclass.frozen
      : ppppppppppppppppp
      | class Ledger(Base):
      : kkkkk tttttt tttt
      |     """Posts
      :     ssssssss
      |     entries."""
      : sssssssssssssss
      |     MAX_SIZE = 0x1F + 1e-9j
      :     oooooooo   nnnn   nnnnn
      |     async def post(self, e: Entry) -> None:
      :     kkkkk kkk ffff kkkk     ttttt     oooo
      |         text = f"total {e['amount']:>{width}} {{x}}" + rb'\x00'
      :                sssssssss  ssssssss          ssssssss   ssssssss
      |         if e is None or not e.match: raise ValueError('bad \
      :         kk   kk oooo kk kkk          kkkkk tttttttttt ssssss
      |         one')
      : ssssssssssss
      |         print(f'''{a +
      :         fffff sssss
      |         b}''', "it's")  # done
      :          ssss  ssssss   cccccc
      | match command:
      : kkkkk
      |     case [x]: x = a @ b
      :     kkkk
      """##),
    Golden(
      .ruby,
      ##"""
      | # frozen_string_literal: true
      : ccccccccccccccccccccccccccccc
      | =begin
      : cccccc
      | a comment
      : ccccccccc
      | =end
      : cccc
      | class Ledger < Base
      : kkkkk tttttt   tttt
      |   attr_reader :name, :size
      :   kkkkkkkkkkk ooooo  ooooo
      |   def self.post!(entry, key: 1)
      :   kkk kkkk fffff        ooo  n
      |     text = <<~TEXT + "x"
      :            sssssss   sss
      |       total #{entry.amount + 1} of
      : ssssssssssssss               nssss
      |     TEXT
      :     ssss
      |     words = %w[a b] + %q(it's (nested))
      :             sssssss   sssssssssssssssss
      |     return if entry.nil? || name =~ /a\/b#{x}/i || @if
      :     kkkkkk kk                       sssssssssss
      |     puts "a #{h["k"]} b", 10 / 2, split(/,/)
      :     ffff sssss  sss ssss  nn   n  fffff sss
      |   end
      :   kkk
      | end
      : kkk
      """##),
    Golden(
      .perl,
      ##"""
      | #!/usr/bin/perl
      : ccccccccccccccc
      | use strict; # note
      : kkk         cccccc
      | my @list = qw(a b (c) d); my %h = (s => 1, y => 2);
      : kk         sssssssssssss  kk            n       n
      | sub post { my ($self, $if) = @_; $self->{q}; return $#list / 2; }
      : kkk ffff   kk                                kkkkkk          n
      | $x =~ s/a\/b/c/gi; $y =~ tr{a-z}{A-Z}; if (/^x#/) { print q{it's} }
      :       sssssssssss        ssssssssssss  kk  sssss    fffff sssssss
      | print <<"END", 'x';
      : fffff sssssss  sss
      | total $x
      : ssssssss
      | END
      : sss
      | $x =~ s{
      :       ss
      |   a # b
      : sssssss
      | }{ c }x;
      : sssssss
      |
      :
      | =pod
      : cccc
      |
      :
      | text
      : cccc
      |
      :
      | =cut
      : cccc
      | split /,/, $x;
      : fffff sss
      | __END__
      : ccccccc
      | nothing
      : ccccccc
      """##),
    Golden(
      .lua,
      ##"""
      | -- note
      : ccccccc
      | --[[ long
      : ccccccccc
      | comment ]] local x = 1
      : cccccccccc kkkkk     n
      | --[==[ ]] ]==]
      : cccccccccccccc
      | function M.post(e) return e:sum(0x1F) .. [[raw
      : kkkkkkkk   ffff    kkkkkk   fff nnnn     sssss
      | "]] .. 'it\'s' .. nil end
      : sss    sssssss    ooo kkk
      | a = t[t[1]]
      :         n
      """##),
    Golden(
      .php,
      ##"""
      | <!DOCTYPE html>
      : ppppppppppppppp
      | <p class="<?= $kind ?>">a &amp; b</p>
      :  k ttttt sppp       pps   ooooo    k
      | <?php // ends ?> text
      : ppppp ccccccccpp
      | <?php
      : ppppp
      | namespace Ledger;
      : kkkkkkkkk tttttt
      | #[Attribute(['x'])]
      : ppppppppppppppppppp
      | final class Entry extends Base {
      : kkkkk kkkkk ttttt kkkkkkk tttt
      |   public function post(int $if): ?string {
      :   kkkkkk kkkkkkkk ffff ttt        tttttt
      |     $text = "total {$this->sum(1)} of $name\n" . 'it\'s' . null;
      :             ssssssss       fff n sssssooooosss   sssssss   oooo
      |     $doc = <<<TEXT
      :            sssssss
      |       a $name and {$b['c']}
      : ssssssssooooossssss   sss s
      |       TEXT . "x";
      :       ssss   sss
      |     return self::MAX_SIZE; # done
      :     kkkkkk kkkk  oooooooo  cccccc
      |   }
      :
      | }
      :
      | ?>
      : pp
      | <script>if (a < b) "</b>"</script>
      :  kkkkkk kk         ssssss  kkkkkk
      """##),
    Golden(
      .phpCode,
      ##"""
      | echo "x"; // done
      : kkkk sss  ccccccc
      """##),
    Golden(
      .javascript,
      ##"""
      | return (
      : kkkkkk
      |   <Panel.Row title="it's" {...rest} onClick={() => go("x")} disabled
      :    ttttttttt ttttt ssssss           ttttttt        ff sss   tttttttt
      |     data-size='a' // note
      :     ttttttttt sss ccccccc
      |   >
      :
      |     don't colour "for" {items.map(i => <li key={i}>if {`${i}`}</li>)} or 12
      :                               fff       kk ttt         sss ss   kk
      |     <br/><>text</>
      :      kk
      |   </Panel.Row>
      :     ttttttttt
      | );
      :
      | const get = from(set), less = a <b && c> 1;
      : kkkkk       ffff                         n
      | class A { static get size() { return as; } get() {} }
      : kkkkk t   kkkkkk kkk ffff     kkkkkk       fff
      """##),
    Golden(
      .typescript,
      ##"""
      | type Pair = { type: string, is: boolean };
      : kkkk tttt           tttttt  kk  ttttttt
      | const f = <T,>(x: T) => <string>x, g = <T extends A>(x) => from;
      : kkkkk      t      t      kkkkkk         t kkkkkkk t
      | export type { B } from "b"; declare module "m" { namespace N {} }
      : kkkkkk        t   kkkk sss  kkkkkkk kkkkkk sss   kkkkkkkkk t
      | const e = <div id="a">it's {type as any}</div>;
      : kkkkk      kkk tt sss            kk ttt   kkk
      """##),
    Golden(
      .ruby,
      ##"""
      | attr :name, :@x, :[]=, :+, :"a b", key?: 1
      :      ooooo  ooo  oooo  oo  osssss        n
      | def empty?(a) after = $' || $; + "'" end
      : kkk ffffff                       sss kkk
      | x = y ?1:2; define_method(:size=) { |o| puts :a }
      :        n n  fffffffffffff oooooo        ffff oo
      """##),
    Golden(
      .javascript,
      ##"""
      | const a = 'goes on \
      : kkkkk     ssssssssss
      |   if', b = 'it' + 's'
      : sssss      ssss   sss
      """##),
    Golden(
      .ruby,
      ##"""
      | def self.limit=(value) self.limit end
      : kkk kkkk fffff         kkkk       kkk
      """##),
  ]
}
