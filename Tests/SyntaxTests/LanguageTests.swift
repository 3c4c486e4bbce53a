// Telling a file's language.

import Syntax
import Testing

@Suite struct LanguageTests {
  @Test(
    arguments: [
      ("Sources/main.swift", "", .swift), ("a/b.RS", "", .rust), ("Makefile", "", .makefile),
      ("docker/Dockerfile.alpine", "", .dockerfile), ("app.tsx", "", .typescript),
      ("bin/run", "#!/bin/bash -e\n", .shell),
      ("bin/run", "#!/usr/bin/env python3.11\r\n", .python),
      ("bin/run", "#!/usr/bin/env -S A=1 node --x", .javascript), ("bits/vector", "", nil),
      ("bits/vector", "// Vector -*- C++ -*-\n", .cpp),
      ("x.h", "/* -*- mode: c++; t: 8 -*- */", .cpp),
      ("x.h", "", .c), ("feed", "<?xml version=\"1.0\"?>", .xml), ("", "", nil), ("a.", "", nil),
      (".bashrc", "", .shell), ("a.swift/b", "", nil), ("x.unknown", "#!", nil),
      ("docker/Dockerfile.env", "", .dockerfile), ("Containerfile-3", "", .dockerfile),
      ("dockerfile.pm", "", .perl),
      ("CMakeLists.txt", "", .cmake), ("cmake/Find.cmake", "", .cmake), ("a.proto", "", .protobuf),
      ("a.mli", "", .ocaml), ("mix.exs", "", .elixir), ("a.R", "", .r),
      ("bin/run", "#!/usr/bin/env Rscript", .r), ("a.t", "", .perl),
      ("a.t", "#!/usr/bin/env bats", .shell), ("a.t", "#!/usr/bin/perl -w", .perl),
      ("Gemfile", "", .ruby), ("pom.xml", "", .xml), ("x.patch", "", .diff),
    ] as [(String, String, Language?)])
  func `a language is told from the name, else from the first line`(
    path: String, firstLine: String, language: Language?
  ) {
    #expect(Language.of(path: Array(path.utf8), firstLine: Array(firstLine.utf8)[...]) == language)
  }

  @Test(
    arguments: [
      ("a.swift", .swift), ("a.c", .c), ("a.h", .c), ("a.cc", .cpp), ("a.hpp", .cpp),
      ("a.m", .objectiveC), ("a.mm", .objectiveC), ("a.rs", .rust), ("a.go", .go), ("a.zig", .zig),
      ("A.java", .java), ("a.kt", .kotlin), ("build.gradle.kts", .kotlin), ("a.scala", .scala),
      ("build.sbt", .scala), ("a.cs", .csharp), ("a.js", .javascript), ("a.mjs", .javascript),
      ("a.jsx", .javascript), ("a.ts", .typescript), ("a.tsx", .typescript), ("a.py", .python),
      ("a.rb", .ruby), ("Rakefile", .ruby), ("a.php", .php), ("A.pm", .perl), ("a.pl", .perl),
      ("a.lua", .lua), ("a.sh", .shell), ("a.zsh", .shell), ("a.sql", .sql), ("a.html", .html),
      ("a.css", .css), ("a.scss", .scss), ("a.json", .json), ("a.yml", .yaml), ("a.toml", .toml),
      ("Cargo.lock", .toml), ("a.xml", .xml), ("a.svg", .xml), ("README.md", .markdown),
      ("Dockerfile", .dockerfile), ("GNUmakefile", .makefile), ("rules.mk", .makefile),
      ("CMakeLists.txt", .cmake), ("A.hs", .haskell), ("a.ml", .ocaml), ("a.ex", .elixir),
      ("a.r", .r), ("a.proto", .protobuf), ("a.diff", .diff), ("a.patch", .diff),
    ] as [(String, Language)])
  func `a file of each language is told by its name alone`(path: String, language: Language) {
    #expect(Language.of(path: Array("some dir/\(path)".utf8)) == language)
  }

  @Test func `a path of invalid UTF-8 has a language too`() {
    #expect(Language.of(path: [0xFF, 0xFE] + Array(".c".utf8)) == .c)
    #expect(Language.of(path: Array("x.c".utf8) + [0xFF]) == nil)
  }

  @Test func `a name that only looks equal is another name`() {
    // U+212A is the Kelvin sign, whose lower case is k.
    #expect(Language.of(path: Array("a.m\u{212A}".utf8)) == nil)
  }

  @Test(
    arguments: [("swift", .swift), ("C++", .cpp), ("js", .javascript), ("sh", .shell), ("", nil)]
      as [(String, Language?)])
  func `a language goes by the names of code fences`(name: String, language: Language?) {
    #expect(Language.named(Array(name.utf8)) == language)
  }
}
