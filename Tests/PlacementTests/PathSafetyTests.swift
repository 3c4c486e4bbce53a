import Placement
import Testing

@Suite struct PathSafetyTests {
  @Test(arguments: [
    "a", "src/a.swift", "a b/c", ".gitignore", ".github/x", "git/x", "git~", "git~x", "...",
    "..a/b",
    "a.git", ".gitx/y", "näive.txt", "a\\b", ".gi/t", "dir/.gitkeep",
  ])
  func `ordinary paths pass`(path: String) {
    #expect(PathSafety.violation(ofPath: bytes(path)) == nil)
  }

  @Test(arguments: [
    ("", PathViolation.empty), ("/etc/passwd", .absolute), ("\\srv", .absolute),
    ("C:\\x", .absolute), ("c:x", .absolute), ("..", .relativeComponent),
    ("a/../b", .relativeComponent), ("./a", .relativeComponent), ("a/.", .relativeComponent),
    ("a\\..\\b", .relativeComponent), ("a//b", .emptyComponent), ("a/", .emptyComponent),
    ("a\0b", .nul), ("a\nb", .controlByte(10)), ("a\u{1B}[0m", .controlByte(27)),
    ("a\u{7F}", .controlByte(127)), (".git", .gitDirectory), (".git/config", .gitDirectory),
    ("sub/.GIT/hooks/x", .gitDirectory), (".git. /x", .gitDirectory), (".git ", .gitDirectory),
    (".git...", .gitDirectory), ("git~1/x", .gitDirectory), ("GIT~2", .gitDirectory),
    (".g\u{200C}it/x", .gitDirectory), ("\u{FEFF}.git", .gitDirectory),
    (".gi\u{202E}t", .gitDirectory), (".git\u{206F}", .gitDirectory),
    (".git::$INDEX_ALLOCATION/x", .gitDirectory), ("a\\.git\\config", .gitDirectory),
    (".git:x", .gitDirectory),
  ])
  func `unsafe paths are refused`(path: String, violation: PathViolation) {
    #expect(PathSafety.violation(ofPath: bytes(path)) == violation)
    #expect(violation.sentence.hasSuffix("."))
  }

  @Test func `paths longer than file systems take are refused`() {
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 256)
    #expect(PathSafety.violation(ofPath: long) == .tooLong(byteCount: 256))
    let deep = Array([[UInt8]](repeating: bytes("aaaa"), count: 900).joined(separator: bytes("/")))
    #expect(PathSafety.violation(ofPath: deep) == .tooLong(byteCount: deep.count))
  }

  @Test func `twins by case, normalisation or invisible characters collide`() {
    let index = PathIndex(["Src/Main.swift", "caf\u{E9}.txt", "lib/a"].map(bytes))
    #expect(index.collision(ofNew: bytes("Src/Main.swift")) == nil)
    #expect(index.collision(ofNew: bytes("Src/other.swift")) == nil)
    #expect(index.collision(ofNew: bytes("src/other.swift")) == .twin(bytes("Src")))
    #expect(index.collision(ofNew: bytes("Src/main.swift")) == .twin(bytes("Src/Main.swift")))
    #expect(index.collision(ofNew: bytes("cafe\u{301}.txt")) == .twin(bytes("caf\u{E9}.txt")))
    #expect(index.collision(ofNew: bytes("CAF\u{C9}.txt")) == .twin(bytes("caf\u{E9}.txt")))
    #expect(index.collision(ofNew: bytes("li\u{200B}b/x")) == .twin(bytes("lib")))
    #expect(index.collision(ofNew: bytes("lib")) == .kind(bytes("lib")))
    #expect(index.collision(ofNew: bytes("lib/a/b")) == .kind(bytes("lib/a")))
    #expect(index.collision(ofNew: bytes("new/dir/file")) == nil)
  }
}
