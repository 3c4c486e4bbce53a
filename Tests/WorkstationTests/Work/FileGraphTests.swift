// What is near to files: by who mentions what whom defines.

import Approval
import Glibc
import TestSupport
import Testing

@testable import Workstation

@Suite struct FileGraphTests {
  private func path(_ name: String) -> RepositoryPath { RepositoryPath(Array(name.utf8)) }

  private func tags(_ defined: [String], _ mentioned: [String]) -> FileTags {
    FileTags(
      definitions: defined.enumerated().map { FileTags.Definition(name: $1, line: $0 * 10) },
      mentioned: (defined + mentioned).sorted())
  }

  private var graph: FileGraph {
    FileGraph([
      path("app"): tags(["main"], ["parseText", "renderAll", "log"]),
      path("parser"): tags(["parseText", "tokenKind"], ["scanNext", "log"]),
      path("scanner"): tags(["scanNext"], ["log"]),
      path("view"): tags(["renderAll"], ["log"]),
      path("log"): tags(["log"], []),
      path("alone"): tags(["hermit"], ["nobody"]),
      path("test"): tags(["testParse"], ["parseText", "scanNext"]),
    ])
  }

  @Test func `what a file uses is near, what that uses less, and what nobody leads to not at all`()
    throws
  {
    let found = try graph.definitions(near: [path("app")]).map(\.name)
    #expect(Set(found.prefix(3)) == ["parseText", "renderAll", "log"])
    #expect(found.contains("scanNext") && found.contains("log"))
    let scan = found.firstIndex(of: "scanNext") ?? 99
    let parse = found.firstIndex(of: "parseText") ?? 99
    #expect(parse < scan)
    // Whoever is in its directory comes before others.
    let near = try FileGraph([
      path("a/app"): tags([], ["parseText"]), path("a/one"): tags(["parseText"], []),
      path("b/two"): tags(["parseText"], []),
    ]).definitions(near: [path("a/app")])
    #expect(near.map(\.path) == [path("a/one"), path("b/two")])
    #expect(
      !found.contains("hermit") && !found.contains("testParse") && !found.contains("tokenKind"))
  }

  @Test func `nothing of the chosen files themselves, and nothing without any`() throws {
    let chosen: Set = [path("app"), path("parser")]
    #expect(try !graph.definitions(near: chosen).contains { chosen.contains($0.path) })
    #expect(try graph.definitions(near: []).isEmpty)
    #expect(try graph.definitions(near: [path("nowhere")]).isEmpty)
    #expect(try graph.definitions(near: [path("alone")]).isEmpty)
  }

  @Test func `callers are those that mention what a file defines`() throws {
    let found = graph.callers(of: [path("parser")])
    #expect(Set(found.map(\.path)) == [path("app"), path("test")])
    #expect(found.allSatisfy { $0.name == "parseText" })
  }

  @Test func `a name that many define leads nowhere`() throws {
    var files: [RepositoryPath: FileTags] = [path("app"): tags([], ["run"])]
    for index in 0..<7 { files[path("m\(index)")] = tags(["run"], []) }
    #expect(try FileGraph(files).definitions(near: [path("app")]).isEmpty)
  }

  @Test func `the order is the same whatever the order of the files`() throws {
    var random = SeededRandom(3)
    let names = (0..<40).map { "name\($0)" }
    var files: [RepositoryPath: FileTags] = [:]
    for index in 0..<20 {
      files[path("f\(index)")] = tags(
        Array(names[index * 2..<index * 2 + 2]), (0..<6).map { _ in random.pick(names) })
    }
    let first = try FileGraph(files).definitions(near: [path("f3")])
    for _ in 0..<5 {
      let again = FileGraph(
        Dictionary(uniqueKeysWithValues: files.shuffled(using: &random).map { ($0.key, $0.value) }))
      #expect(try again.definitions(near: [path("f3")]) == first)
    }
  }

  @Test func `names are words of any alphabet, and definitions only what the content has`() throws {
    let content = Array("func größe(x1: Int) { über_x + 42abc + ab }\n".utf8)
    let tags = FileTags(
      content,
      defining: [
        FileTags.Definition(name: "größe", line: 0), FileTags.Definition(name: "absent", line: 0),
        FileTags.Definition(name: "über_x", line: -1),
      ])
    #expect(tags.definitions == [FileTags.Definition(name: "größe", line: 0)])
    #expect(tags.mentioned == ["Int", "größe", "über_x"])
    // A word that nobody calls is no mention, but what is of several words, or a type.
    let words = FileTags(Array("count Count run() run_all x".utf8), defining: [])
    #expect(words.mentioned == ["Count", "run", "run_all"])
  }

  @Test(.enabled(if: access("/usr/bin/ctags", X_OK) == 0, "universal-ctags is not installed."))
  func `ctags tells of each file, whatever its name is and whatever it warns of`() async throws {
    let tagger = try #require(Tagger(environment: ["PATH": "/usr/bin"]))
    let files = [
      Tagger.File(name: "n.js", content: Array("var x = {\"\": 1};\nfunction after() {}\n".utf8)),
      Tagger.File(name: "empty.py", content: []),
      Tagger.File(name: "no language", content: Array("words\n".utf8)),
      Tagger.File(name: "a\"\\}\n.py", content: Array("def hostile(): pass\n".utf8)),
      Tagger.File(name: "Makefile", content: Array("all: x\n\ttrue\n".utf8)),
      Tagger.File(name: "b.c", content: Array("int main(void) { return 0; }".utf8)),
    ]
    let found = try await tagger.definitions(of: files)
    #expect(found.count == files.count)
    #expect(found[0].contains { $0.name == "after" && $0.line == 1 })
    #expect(found[1].isEmpty && found[2].isEmpty)
    #expect(found[3].map(\.name) == ["hostile"])
    // A target is nothing that source calls.
    #expect(found[4].isEmpty)
    #expect(found[5].map(\.name) == ["main"])
  }

  @Test func `of a line nothing goes along that is a value`() {
    func shown(_ line: String) -> String {
      String(decoding: RepositoryMap.withoutValues(Array(line.utf8)), as: UTF8.self)
    }
    #expect(
      shown("def f(a, pin=1234, b=2):") == "def f(a, pin=…,b=…):".replacing(",b", with: ", b"))
    #expect(shown("function f(t = \"eyJsecret") == "function f(t =…")
    #expect(shown("f(\"a\\\"secret\\\"b\")") == "f(\"…\")")
    #expect(shown("f(`begin of a secret") == "f(`…")
    #expect(shown("fn f<'a>(x: &str)") == "fn f<'…")
    #expect(shown("bool operator==(A b) {") == "bool operator==(A b) {")
    #expect(shown("const f = (a) => {") == "const f =…) => {")
    #expect(shown("func g(x: Int) -> Int {") == "func g(x: Int) -> Int {")
  }
}
