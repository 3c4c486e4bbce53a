// Marked samples of markup, stylesheets and patches; see Golden.swift for the notation.

import Syntax

extension Golden {
  static let markupGolden: [Golden] = [
    Golden(
      .html,
      ##"""
      | <!DOCTYPE html>
      : ppppppppppppppp
      | <!-- a
      : cccccc
      | comment -->
      : ccccccccccc
      | <div class="a b" id=main data-x='1
      :  kkk ttttt sssss tt ssss tttttt ss
      | 2' hidden>text &lt; it's &#39;</div>
      : ss tttttt      oooo      ooooo  kkk
      | <style>
      :  kkkkk
      | a:hover { color: #fff; }
      : k fffff   ttttt  nnnn
      | </style>
      :   kkkkk
      | <script type="module">let s = "</p>"; // x</script><b>
      :  kkkkkk tttt ssssssss kkk     ssssss  cccc  kkkkkk  k
      | <script>
      :  kkkkkk
      | /* open
      : ccccccc
      | </script>
      :   kkkkkk
      | <br/>
      :  kk
      """##),
    Golden(
      .xml,
      ##"""
      | <?xml version="1.0"?>
      : ppppppppppppppppppppp
      | <ns:root xmlns:ns="urn:x"><![CDATA[ <raw> ]]><script>let x</script></ns:root>
      :  kkkkkkk tttttttt sssssss sssssssssssssssssss kkkkkk        kkkkkk   kkkkkkk
      """##),
    Golden(
      .css,
      ##"""
      | /* colours
      : cccccccccc
      | */
      : cc
      | @media (min-width: 10.5em) {
      : kkkkkk             nnnnnn
      |   a.link:hover, #main > li::before {
      :   kooooo fffff  ooooo   kk  ffffff
      |     color: #ff00aa; margin: 0 auto -1px;
      :     ttttt  nnnnnnn  tttttt  n oooo
      |     background: url(img/a.png) no-repeat !important;
      :     tttttttttt  fff sssssssss  ooooooooo kkkkkkkkkk
      |     --gap: calc(100% - 2px);
      :     ttttt  ffff nnnn   nnn
      |   }
      :
      | }
      :
      """##),
    Golden(
      .scss,
      ##"""
      | // note
      : ccccccc
      | $gap: 10px;
      :       nnnn
      | .card { &:hover { padding: $gap; } }
      : ooooo     fffff   ttttttt
      """##),
    Golden(
      .markdown,
      ##"""
      | # Title
      : kkkkkkk
      | text with `code` and [a link](http://x.y) <b>
      :           ssssss              ssssssssss  ttt
      | > quote
      : c
      | - item `` a ` b ``
      : k      sssssssssss
      | 12. twelve
      : kkk
      | <!-- a
      : cccccc
      | comment --> text
      : ccccccccccc
      | ```swift
      : pppppppp
      | let x = 1 // one
      : kkk     n cccccc
      | ```
      : ppp
      | ~~~
      : ppp
      | plain ``` text
      : ssssssssssssss
      | ~~~
      : ppp
      | Under
      :
      | -----
      : kkkkk
      """##),
    Golden(
      .diff,
      ##"""
      | diff --git a/x b/x
      : pppppppppppppppppp
      | --- a/x
      : kkkkkkk
      | +++ b/x
      : kkkkkkk
      | @@ -1,2 +1,2 @@ func post() {
      : fffffffffffffff
      |  same
      :
      | -old
      : oooo
      | +new
      : ssss
      | \ No newline at end of file
      : ccccccccccccccccccccccccccc
      | 3c3
      :
      | < old
      : ooooo
      | > new
      : sssss
      """##),
    Golden(
      .php,
      ##"""
      | <script>var a = '<?php print q('it\'s', "x"); ?>', b = "<?= $c ?>";
      :  kkkkkk kkk      ppppp kkkkk f sssssss  sss   pp       sppp    pps
      | if (a) { // <?php
      : kk       cccppppp
      |   echo "</script>" // ?> b(c, '<?=
      :   kkkk sssssssssss cccpp f     ppp
      | d ?> e');
      :   pp
      | </script><b>if</b>
      :   kkkkkk  k     k
      """##),
  ]
}
