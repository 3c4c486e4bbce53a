// Perl, as a grammar table.

extension Grammar {
  static let perl = Grammar(
    names: "perl pl",
    endings: "pl pm pod psgi",
    weakEndings: "t",
    fileNames: "makefile.pl build.pl",
    interpreters: "perl",
    lineComments: [LineComment(open: "#")],
    blockComments: [
      "=pod", "=head", "=over", "=item", "=begin", "=for", "=encodin", "=back",
    ].map { BlockComment(open: $0, close: "=cut", atLineStart: true) } + [
      BlockComment(open: "__END__", close: "", atLineStart: true),
      BlockComment(open: "__DATA__", close: "", atLineStart: true),
    ],
    strings: [
      StringRule(open: "\"", close: "\"", spansLines: true),
      StringRule(open: "'", close: "'", spansLines: true),
      StringRule(open: "`", close: "`", mustClose: true),
    ],
    specials: [.perlVariable, .perlQuote, .perlHeredoc, .looseRegex],
    heuristics: [.calls, .callsOverTypes, .capitalisedTypes, .arrowMembers],
    keywords: """
      BEGIN CHECK END INIT UNITCHECK and bless can cmp continue die do each else elsif eq eval exists exit foreach for ge given gt
      if isa keys last le local lt my ne next no not or our redo ref require return state unless
      until use values wantarray warn when while x xor
      """,
    functionIntroducers: "sub",
    typeIntroducers: "package",
    constants: "undef __FILE__ __LINE__ __PACKAGE__",
    functions: """
      abs accept alarm atan2 binmode caller chdir chmod chomp chop chown chr chroot close closedir
      cos crypt defined delete dump eof exec exp fcntl fileno flock fork getc getppid glob gmtime
      goto grep hex index int ioctl join kill lc lcfirst length link listen localtime log lstat map
      mkdir oct open opendir ord pack pipe pop pos print printf push quotemeta rand read readdir
      readline readlink recv rename reverse rewinddir rmdir say scalar seek select shift sin sleep
      socket sort splice split sprintf sqrt srand stat substr symlink syscall sysopen sysread system
      syswrite tell tie time times truncate uc ucfirst umask unlink unpack unshift untie utime wait
      waitpid
      """)
}
