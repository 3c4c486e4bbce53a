import Scanner
import Testing

@Suite struct FileRuleTests {
  private func fileRules(
    _ path: String, old: UInt32? = 0o100644, new: UInt32? = 0o100644, added: [String] = [],
    removed: [String] = []
  ) -> Set<String> {
    Set(scanned(added, path: path, removed: removed, old: old, new: new).map(\.rule))
  }

  @Test(arguments: [
    (".github/workflows/ci.yml", "path.ci"), ("sub/.gitlab-ci.yml", "path.ci"),
    ("CODEOWNERS", "path.ci"), ("Jenkinsfile", "path.ci"), (".husky/pre-commit", "path.hook"),
    (".pre-commit-config.yaml", "path.hook"), ("Makefile", "path.build"),
    ("src/rules.mk", "path.build"), ("Dockerfile", "path.build"),
    (".vscode/tasks.json", "path.build"),
    ("app/setup.py", "path.build"), ("package.json", "path.dependency"),
    ("web/yarn.lock", "path.dependency"), ("Package.swift", "path.dependency"),
    ("requirements-dev.txt", "path.dependency"), ("go.mod", "path.dependency"),
    (".cargo/config.toml", "path.dependency"), (".gitattributes", "path.git"),
    ("a/.gitmodules", "path.git"), ("AGENTS.md", "path.agent"), ("CLAUDE.md", "path.agent"),
    (".cursor/rules/x.mdc", "path.agent"), (".github/copilot-instructions.md", "path.agent"),
  ])
  func `protected paths are warned about`(path: String, rule: String) {
    let found = scanned([], path: path)
    #expect(found.contains { $0.rule == rule && $0.severity == .warn && $0.line == nil })
  }

  @Test(arguments: [
    "src/main.swift", "docs/makefile.md", "package.json.md", "src/builder.py", ".gitignore",
    "agents.py", "github/workflows.md", "hooks/useState.ts", "vscode/tasks.json", "lib/package.py",
  ])
  func `ordinary paths are not`(path: String) {
    #expect(scanned([], path: path) == [])
  }

  @Test func `modes are told apart`() {
    #expect(fileRules("a", old: 0o100644, new: 0o100755) == ["mode.executable"])
    #expect(fileRules("a", old: nil, new: 0o100755) == ["mode.executable"])
    #expect(fileRules("a", old: 0o100755, new: 0o100644) == ["mode.change"])
    #expect(fileRules("a", old: 0o100755, new: 0o100755) == [])
    #expect(fileRules("a", old: nil, new: 0o100644) == [])
    #expect(fileRules("a", old: nil, new: 0o100664) == ["mode.unusual"])
    #expect(fileRules("a", old: 0o160000, new: nil) == ["mode.submodule"])
    #expect(fileRules("a", old: nil, new: 0o160000) == ["mode.submodule"])
    #expect(fileRules("a", old: 0o120000, new: nil) == [])
  }

  @Test func `I12: submodules and modes that git does not write are blocked`() {
    for (old, new) in [(nil, 0o160000), (0o160000, nil), (0o160000, 0o160000)]
      as [(UInt32?, UInt32?)]
    {
      #expect(scanned([], path: "a", old: old, new: new).map(\.severity) == [.block])
    }
    #expect(scanned([], path: "a", old: nil, new: 0o100664).map(\.severity) == [.block])
    #expect(scanned([], path: "a", old: nil, new: 0o100755).map(\.severity) == [.warn])
  }

  @Test(arguments: ["target", "sub/target", "../lib/x", "./x", "../../a", ".github/x", "..a"])
  func `a link inside the tree is warned about`(target: String) {
    #expect(fileRules("one/two/link", old: nil, new: 0o120000, added: [target]) == ["mode.link"])
  }

  @Test(arguments: [
    "/etc/passwd", "../../../x", "a/../../../../x", "~/x", ".git/config", "../../.GIT/hooks",
    "..\\..\\..\\x",
    "C:\\x", "sub/.git", "git/../../../../..",
  ])
  func `a link out of the tree is blocked`(target: String) {
    let found = scanned([target], path: "one/two/link", old: nil, new: 0o120000)
    #expect(found.contains { $0.rule == "mode.escaping-link" && $0.severity == .block })
  }

  @Test func `a link without a known target is blocked`() {
    #expect(fileRules("a", old: nil, new: 0o120000) == ["mode.escaping-link"])
  }

  @Test func `tests that disappear are noticed`() {
    #expect(fileRules("tests/test_a.py", new: nil, removed: ["x"]) == ["test.deleted"])
    #expect(fileRules("src/a.py", new: nil, removed: ["x"]) == [])
    #expect(
      fileRules("tests/test_a.py", added: ["x = 1"], removed: ["def test_one():", "    assert x"])
        == ["test.fewer"])
    #expect(
      fileRules("tests/test_a.py", added: ["def test_two():"], removed: ["def test_one():"]) == [])
    #expect(
      fileRules("tests/test_a.py", added: ["    pass"], removed: ["    assert x == 1"])
        == ["test.fewer-assertions"])
    #expect(fileRules("tests/data.json", new: nil, removed: ["x"]) == [])
    #expect(fileRules("src/contest.py", new: nil, removed: ["x"]).isSubset(of: ["test.deleted"]))
  }

  @Test func `lock files are not searched for blobs`() {
    let digest = String(repeating: "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF", count: 8)
    #expect(fileRules("yarn.lock", added: [digest]) == ["path.dependency"])
  }

  @Test func `a large change is scanned in bounded time`() {
    let line = "let value = compute(first: 1, second: \"text\") // and some words of comment"
    #expect(scanned([String](repeating: line, count: 10_000)).isEmpty)
  }
}
