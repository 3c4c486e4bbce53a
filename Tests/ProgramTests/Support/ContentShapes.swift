// What git can hold, as shell scripts: what is committed first, and what becomes of it.

import Testing

/// One kind of change: `base` makes what is committed, `change` what is to be reviewed.
struct ContentShape: CustomTestStringConvertible, Sendable {
  let name: String
  let base: String
  let change: String
  /// Whether any part of it is something that git can hold.
  var isDivisible = true

  var testDescription: String { name }

  /// Everything that is committed as it is.
  static let all = [
    ContentShape(
      name: "renamed and copied files",
      base: """
        seq 20 >old; seq 30 >moved; seq 40 >twice; seq 6 >one; seq 7 >two
        """,
      change: """
        mv old new; mkdir to; mv moved to/moved; echo more >>to/moved; cp twice twice.copy
        mv one three; mv two one; mv three two
        """),
    ContentShape(
      name: "modes",
      base: """
        echo a >on.sh; echo b >off.sh; echo c >both; : >empty.sh; chmod +x off.sh
        """,
      change: """
        chmod +x on.sh empty.sh; chmod -x off.sh; echo d >>both; chmod +x both
        echo e >new.sh; chmod +x new.sh
        """),
    ContentShape(
      name: "new, deleted, emptied and filled files",
      base: """
        mkdir d; seq 9 >deleted; seq 9 >emptied; : >filled; : >empty.deleted; seq 9 >d/last
        """,
      change: """
        rm deleted empty.deleted; : >emptied; seq 3 >filled; : >empty.new; rm -r d
        mkdir -p n/n; seq 3 >n/n/new
        """),
    ContentShape(
      name: "binary files",
      base: #"""
        printf '\000\001\002' >changed; printf '\000\377' >deleted; echo text >becomes
        printf 'a\000b' >text.now
        """#,
      change: #"""
        printf '\000\001\003\377' >changed; rm deleted; printf 't\000e' >becomes
        echo text >text.now; printf '\211PNG\r\n\032\n\000' >new.png
        """#),
    ContentShape(
      name: "symbolic links",
      base: """
        mkdir d; seq 5 >file; seq 5 >d/f; ln -s file turned; ln -s file deleted; ln -s file loose
        seq 5 >becomes.link
        """,
      change: """
        ln -snf d/f turned; rm deleted; rm loose; seq 6 >loose; rm becomes.link
        ln -s file becomes.link; ln -s nowhere dangling; ln -s d directory; ln -s ../file d/up
        """),
    ContentShape(
      name: "a file or a link that becomes a directory, and back",
      base: """
        mkdir back to; seq 5 >file; seq 5 >back/one; seq 5 >back/two; ln -s back link; seq 5 >to/x
        """,
      change: """
        rm -r file back link to; mkdir file link; seq 6 >file/inside; seq 6 >back
        seq 6 >link/inside; ln -s link to
        """, isDivisible: false),
    ContentShape(
      name: "submodules that stay, go, or become a file",
      base: """
        for name in stays goes becomes; do
          git init -q $name; git -C $name commit -q --allow-empty -m $name
        done
        seq 5 >file
        """,
      change: "rm -rf goes becomes; seq 5 >becomes; seq 6 >file"),
    ContentShape(
      name: "names with a newline that go", base: #"seq 3 >a; seq 3 >"$(printf 'b\nc')""#,
      change: #"seq 4 >a; rm "$(printf 'b\nc')""#),
    ContentShape(name: "the last file that goes", base: "seq 5 >only", change: "rm only"),
    ContentShape(
      name: "names as long and as deep as can be", base: "seq 5 >file",
      change: """
        seq 6 >"$(printf %0255d 1)"; deep=$(printf 'd/%.0s' $(seq 90)); mkdir -p $deep; seq 5 >$deep/f
        """),
    ContentShape(
      name: "an index that knows more than the last commit",
      base: "git config feature.manyFiles true; seq 5 >a; seq 5 >gone",
      change: """
        seq 6 >a; git add a; seq 7 >a; git rm -q gone; seq 5 >intended; git add -N intended
        seq 5 >staged; git add staged; seq 6 >staged
        """, isDivisible: false),
    ContentShape(
      name: "CRLF and mixed endings",
      base: #"""
        printf 'a\r\nb\r\nc\r\n' >crlf; printf 'a\nb\r\nc\n' >mixed; printf 'a\nb\n' >to.crlf
        printf 'a\r\nb\r\n' >to.lf; printf 'a\rb\rc' >mac; printf 'a\r\r\nb\n' >double
        """#,
      change: #"""
        printf 'a\r\nB\r\nc\r\nd\r\n' >crlf; printf 'a\r\nb\nc\nd\r\n' >mixed
        printf 'a\r\nb\r\n' >to.crlf; printf 'a\nb\n' >to.lf; printf 'a\rB\rc' >mac
        printf 'a\r\nb\r\r\n' >double; printf 'new\r\n\n\r\n' >new
        """#),
    ContentShape(
      name: "byte order marks and UTF-16",
      base: #"""
        printf 'one\ntwo\n' >gets; printf '\357\273\277one\ntwo\n' >loses
        printf '\377\376o\000n\000e\000\n\000' >wide
        """#,
      change: #"""
        printf '\357\273\277one\ntwo\n' >gets; printf 'one\ntwo\n' >loses
        printf '\377\376t\000w\000o\000\n\000' >wide; printf '\357\273\277' >only
        """#),
    ContentShape(
      name: "no final newline",
      base: #"""
        printf 'a\nb' >gets; printf 'a\nb\n' >loses; printf 'a\nb' >keeps; printf '\n\n' >blank
        """#,
      change: #"""
        printf 'a\nb\n' >gets; printf 'a\nb' >loses; printf 'a\nB' >keeps; printf '\n' >blank
        printf 'x' >new; printf '\n' >one; printf 'a\nb\r' >return
        """#),
    ContentShape(
      name: "content that is no UTF-8",
      base: #"""
        printf 'caf\351\nna\357ve\n' >latin; printf '\300\200\355\240\200\n' >broken
        """#,
      change: #"""
        printf 'caf\351s\nna\357ve\n' >latin; printf '\300\200\364\220\200\200\n\377' >broken
        printf '\244\242\244\244\n' >euc
        """#),
    ContentShape(
      name: "names that are hard to quote, and names that are no UTF-8",
      base: #"""
        seq 3 >"$(printf 'caf\351')"; seq 3 >'a b'; seq 3 >'"q"'; seq 3 >':(glob)*'; seq 3 >'*'
        seq 3 >käse; seq 3 >-rf
        """#,
      change: #"""
        seq 4 >"$(printf 'caf\351')"; rm 'a b'; seq 4 >'"q"'; seq 4 >':(glob)*'; seq 4 >'*'
        mkdir 'd ☃'; mv käse 'd ☃'/käse; seq 4 >-rf; seq 3 >"$(printf '\377\376')"; seq 3 >'a\b'
        seq 3 >HEAD; seq 3 >@; seq 3 >'$(x)`'; seq 3 >'#'; seq 3 >'!'; seq 3 >'a -> b'
        """#),
    ContentShape(
      name: "case twins that are there already, and a name in another case",
      base: """
        seq 3 >README; seq 3 >readme; mkdir Dir dir; seq 3 >Dir/x; seq 3 >dir/x; seq 3 >renamed
        """,
      change: """
        seq 4 >README; seq 5 >readme; seq 4 >Dir/x; rm -r dir; seq 9 >new; mv renamed RENAMED
        """, isDivisible: false),
    ContentShape(
      name: "files that are ignored but tracked, and files kept from diffs",
      base: """
        seq 3 >tracked.log; printf '*.log\\n' >.gitignore; printf '*.lock -diff -merge\\n' \
        >.gitattributes; seq 3 >a.lock; git add -f tracked.log
        """,
      change: "seq 4 >tracked.log; seq 4 >a.lock; seq 4 >ignored.log; seq 9 >new.lock"),
    ContentShape(
      name: "line endings that git converts",
      base: #"""
        printf '* text=auto\n*.bat eol=crlf\n' >.gitattributes; printf 'a\r\nb\r\n' >a.bat
        printf 'a\nb\n' >a.txt
        """#,
      change: #"""
        printf 'a\r\nB\r\n' >a.bat; printf 'a\nb\nc\n' >a.txt; printf 'n\r\n' >n.bat
        """#),
  ]

  /// All of them in one repository, each in a directory of its own.
  static let together = ContentShape(
    name: "everything", base: script(\.base), change: script(\.change))

  private static func script(_ part: KeyPath<ContentShape, String>) -> String {
    all.enumerated().filter { $0.element.isDivisible }.map {
      "mkdir -p \($0.offset); cd \($0.offset)\n\($0.element[keyPath: part])\ncd .."
    }.joined(separator: "\n")
  }
}
