import TestSupport
import Placement
import Testing

@Suite struct FileRequestTests {
  private static let offered = ["f", "g", "dir/f", "caf\u{E9}", "e"]
  private static let others = ["other", "lib/z"]
  private static let safe =
    offered + others + [
      "F", "new", "new2", "dir", "dir/sub/x", "f/x", "cafe\u{301}", "CAF\u{C9}", "di\u{200B}r/f",
      "DIR/y", "lib", "Lib/q",
    ]
  private static let unsafe: [String: PathViolation] = [
    "../x": .relativeComponent, "dir/../f": .relativeComponent, "/abs": .absolute,
    "C:x": .absolute, "\\\\srv/x": .absolute, ".git/config": .gitDirectory,
    "x/.GIT/y": .gitDirectory, "git~1/x": .gitDirectory, ".g\u{200C}it/x": .gitDirectory,
    "x\\.git\\y": .gitDirectory, "x//b": .emptyComponent, "x\u{1}y": .controlByte(1),
    String(repeating: "n", count: 256): .tooLong(byteCount: 256),
  ]
  private static let unsafePaths = unsafe.keys.sorted()

  /// Files made, written as a whole, deleted, moved and changed in any order and notation, under good paths and hostile ones.
  @Test func `files are made, deleted and moved as a plain list of files has it`() async {
    let run = await GeneratedRun.of(
      "Files as wholes", quick: 2_000, deep: 40_000, Self.failure)
    run.expectCounts("placed", ["exact", "wholeFile"])
    run.expectCounts(
      "refused",
      [
        "overlaps", "fileExists", "fileAbsent", "pathNotOffered", "pathTwin", "pathKindConflict",
        "noChange", "path unsafe, gitDirectory", "path unsafe, absolute", "path unsafe, tooLong",
        "path unsafe, relativeComponent", "path unsafe, emptyComponent", "path unsafe, controlByte",
      ])
  }

  /// Strings are equal when they look equal, so paths are compared as bytes.
  private static func isOffered(_ path: String) -> Bool {
    offered.contains { $0.utf8.elementsEqual(path.utf8) }
  }

  private static func lines(of path: String) -> [String] {
    path == "e" ? [] : (0..<3).map { "line \($0) of \(path)" }
  }

  private static func failure(seed: UInt64, tally: inout PlacementTally) -> String? {
    var random = SeededRandom(seed)
    let requests = (0...random.below(6)).map { _ in request(&random) }
    var answer = ""
    for (block, request) in requests.enumerated() {
      answer += written(request, block, &random) + random.pick(["", "\n", "\nNext:\n"])
    }
    let settings = EditBlockSettings(
      knownPaths: Set(offered.map(bytes)), acceptsWholeFiles: true)
    let blocks = GeneratedAnswer.read(bytes(answer), &random, settings).blocks
    var shown: String { "\n  answer \(answer.debugDescription)\n  \(picture(blocks))" }
    guard blocks.count == requests.count else { return "\(blocks.count) blocks" + shown }
    let outcome = place(
      blocks: blocks,
      in: offered.map { path in
        OfferedFile(path: bytes(path), content: bytes(lines(of: path).map { $0 + "\n" }.joined()))
      }, existingPaths: PathIndex((offered + others).map(bytes)))
    tally.count(outcome, of: blocks.count, as: "all notations")

    var files = ReferenceFiles(
      offered: offered.map { ($0, lines(of: $0)) }, others: others, violations: unsafe)
    for (block, request) in requests.enumerated() {
      let expected = files.take(request, block: block)
      let refusal = outcome.unplaced.first { $0.blockIndex == block }?.reason
      if !ReferenceFiles.agree(refusal, expected) {
        return "block \(block): \(refusal.debugDescription), not \(expected.debugDescription)"
          + shown
      }
    }
    let changes = files.changes
    if Set(outcome.changes.map(\.path)) != Set(changes.keys) { return "other files" + shown }
    for change in outcome.changes {
      guard let expected = changes[change.path], expected.kind == change.kind,
        bytes(expected.content) == change.content
      else { return "\(text(change.path)) is \(text(change.content).debugDescription)" + shown }
    }
    return nil
  }

  private static func request(_ random: inout SeededRandom) -> FileRequest {
    let path =
      random.oneIn(2)
      ? random.pick(offered) : random.oneIn(5) ? random.pick(unsafePaths) : random.pick(safe)
    let kind: FileRequest.Kind
    switch random.below(6) {
    case 0: kind = .create([bytes("new"), [], bytes("lines")])
    case 1:
      // Only a path with a slash or a point, or one that was offered, is a file's above a fence.
      guard isOffered(path) || path.contains("/") else {
        return FileRequest(path: path, kind: .create([bytes("new")]))
      }
      let isSame = isOffered(path) && path != "e" && random.oneIn(3)
      kind = .whole(isSame ? lines(of: path).map(bytes) : [bytes("whole"), bytes("```")])
    case 2: kind = .delete
    case 3:
      kind = .move(
        to: random.oneIn(6) ? random.pick(unsafePaths) : random.pick(safe + ["n1", "n2"]))
    default:
      // Lines to be changed are only in the files that have some.
      guard isOffered(path), path != "e" else {
        return FileRequest(path: path, kind: .delete)
      }
      kind = .change(number: random.below(3))
    }
    return FileRequest(path: path, kind: kind)
  }

  private static func written(
    _ request: FileRequest, _ block: Int, _ random: inout SeededRandom
  ) -> String {
    let path = request.path
    let patch = { (header: String, body: String) in
      "*** Begin Patch\n*** \(header) File: \(path)\n\(body)*** End Patch\n"
    }
    let diff = { (old: String, new: String, body: String) in
      "```diff\n--- \(old)\n+++ \(new)\n@@ -1,3 +1,3 @@\n\(body)```\n"
    }
    switch request.kind {
    case .create(let lines):
      let added = lines.map { "+" + text($0) + "\n" }.joined()
      return random.pick([
        "\(path)\n<<<<<<< SEARCH\n=======\n" + lines.map { text($0) + "\n" }.joined()
          + ">>>>>>> REPLACE\n",
        patch("Add", added), diff("/dev/null", "b/\(path)", added),
      ])
    case .whole(let lines):
      return "\(path)\n````\n" + lines.map { text($0) + "\n" }.joined() + "````\n"
    case .delete:
      return random.pick([
        "\(path)\n<<<<<<< DELETE\n>>>>>>> REPLACE\n", "`\(path)`:\n<<<<<<< DELETE\n",
        patch("Delete", ""), diff("a/\(path)", "/dev/null", "-all\n"),
      ])
    case .move(let target):
      return random.pick([
        "\(path)\n<<<<<<< MOVE \(target)\n", patch("Update", "*** Move to: \(target)\n"),
        // Git writes no rename from a path to itself.
        path == target
          ? "\(path)\n<<<<<<< MOVE \(target)\n>>>>>>> REPLACE\n"
          : "diff --git a/x b/y\nsimilarity index 100%\nrename from \(path)\nrename to \(target)\n",
      ])
    case .change(let number):
      let (old, new) = (lines(of: path)[number], ReferenceFiles.replacement(block: block))
      return random.pick([
        "\(path)\n<<<<<<< SEARCH\n\(old)\n=======\n\(new)\n>>>>>>> REPLACE\n",
        patch("Update", "@@\n-\(old)\n+\(new)\n"),
        "```diff\n--- a/\(path)\n+++ b/\(path)\n@@ -1 +1 @@\n-\(old)\n+\(new)\n```\n",
      ])
    }
  }
}
