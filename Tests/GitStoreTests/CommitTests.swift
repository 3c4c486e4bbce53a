import Approval
import Diffing
import GitStore
import Glibc
import Testing

@Suite struct CommitTests {
  @Test func `an approved change becomes a commit on the user's branch, index and files`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.head() == receipt.commit)
    #expect(try await scratch.head("HEAD^") == tip)
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\n")
    #expect(try await scratch.git("log", "-1", "--format=%B") == "Change things")
    #expect(
      try await scratch.git("log", "-1", "--format=%an %ae %at")
        == "A U Thor author@example.org 1700000000")
    #expect(try await scratch.git("reflog", "-1", "--format=%gs") == "countersign: Change things")
    #expect(
      try await scratch.git("reflog", "-1", "--format=%gs", "main") == "countersign: Change things")
    #expect(!exists("\(scratch.root)/state/worktree"))
    #expect(
      scratch.text("\(scratch.root)/state/journal/landing")?.hasPrefix("countersign-landed") == true
    )
    try await scratch.fsck()
  }

  @Test func `I2: what is committed is what was recorded, re-read from the object database`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let prepared = try await repository.prepare(change, request: scratch.request(on: tip))
    let commit = try await repository.create(prepared, message: Array("m\n".utf8))
    let checked = try await repository.check(commit, of: prepared, message: Array("m\n".utf8))
    #expect(checked.tree == prepared.tree)
    let other = try await scratch.git("commit-tree", "-p", tip.hex, "-m", "m", "\(tip)^{tree}")
    await #expect(throws: CommitError.commitDiffers(what: "tree")) {
      try await repository.check(
        #require(ObjectID(hex: other)), of: prepared, message: Array("m\n".utf8))
    }
    let orphan = try await scratch.git("commit-tree", "-m", "m", prepared.tree.hex)
    await #expect(throws: CommitError.commitDiffers(what: "parent")) {
      try await repository.check(
        #require(ObjectID(hex: orphan)), of: prepared, message: Array("m\n".utf8))
    }
  }

  @Test(arguments: ["one\nTWO\nthree\n", "bin\u{0}ary"])
  func `I2: a blob that is another since the tree was made stops the commit`(
    content: String
  ) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": content])
    let names = try await scratch.git(
      "rev-parse", "\(change.proposal.tree):a.txt", "HEAD:other.txt")
    let files = names.split(separator: "\n").map { name in
      "\(scratch.work)/.git/objects/\(name.prefix(2))/\(name.dropFirst(2))"
    }
    var request = scratch.request(on: tip)
    // As a disk or another program leaves it: whole, but of other bytes than its name says.
    request.faults.checkpoint = { step throws(CommitError) in
      guard step == .commitMade else { return }
      do { try await scratch.run("/bin/cp", ["-f", files[1], files[0]]) } catch {
        throw .interrupted(step)
      }
    }
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: request)
    }
    #expect(error != .interrupted(.commitMade))
    #expect(try await scratch.head() == tip)
    #expect(!exists("\(request.journalDirectory)/landing"))
    #expect(scratch.text("a.txt") == "one\ntwo\nthree\n")
  }

  @Test func `I3: a falsified splice is caught by the guard before anything moves`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "one\ntwo\nthree\nfour\nfive\n")
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await propose(
      ["a.txt": "ONE\ntwo\nthree\nfour\nFIVE\n"], on: tip, in: repository)
    let change = try await approve(proposal, in: repository) { change in
      change.diff.map { LineSelection($0.groups[0].changedLines) }
    }
    var request = scratch.request(on: tip)
    request.faults.splice = { bytes in bytes + Array("backdoor\n".utf8) }
    let before = try await scratch.userState()
    await #expect(throws: CommitError.guarded([.content(RepositoryPath("a.txt"))])) {
      try await repository.commit(change, request: request)
    }
    #expect(try await scratch.userState() == before)
    request.faults.splice = { $0 }
    _ = try await repository.commit(change, request: request)
    #expect(scratch.text("a.txt") == "ONE\ntwo\nthree\nfour\nfive\n")
  }

  @Test func `I4: everything approved is the proposal, nothing approved is no commit`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": "1\n", "new/file": "n\n", "other.txt": nil])
    await #expect(throws: ApprovalError.nothingApproved) {
      _ = try await approve(change.proposal, in: repository) { _ in nil }
    }
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(receipt.tree == change.proposal.tree)
    #expect(!exists("\(scratch.work)/other.txt"))
    #expect(scratch.text("new/file") == "n\n")
    try await scratch.fsck()
  }

  @Test func `I5: the approved part, then the rest on top of it, is the proposal`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9")
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await propose(
      ["a.txt": "one\n2\n3\nfour\n5\n6\n7\neight\n9\n"], on: tip, in: repository)
    let part = try await approve(proposal, in: repository) { change in
      change.diff.map { LineSelection($0.groups[1].changedLines) }
    }
    let first = try await repository.commit(part, request: scratch.request(on: tip))
    let rest = try await repository.makeProposal(base: first.commit, tree: proposal.tree)
    let second = try await repository.commit(
      approve(rest, in: repository), request: scratch.request(on: first.commit))
    #expect(second.tree == proposal.tree)
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `I7: a proposal on another base than asked for is refused`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let next = try await scratch.commitAll("next")
    await #expect(throws: CommitError.wrongBase(proposal: tip, request: next)) {
      try await repository.commit(change, request: scratch.request(on: next))
    }
  }

  @Test func `I7: a proposal whose base tree is not that of its commit is refused`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("slipped-in.txt", "nobody saw this\n")
    let next = try await scratch.commitAll("next")
    let honest = try await propose(["a.txt": "one\nTWO\nthree\n"], on: next, in: repository)
    try await scratch.git("reset", "-q", "--hard", tip.hex)
    let forged = Proposal(
      baseCommit: tip, baseTree: honest.baseTree, tree: honest.tree, files: honest.files)
    await #expect(
      throws: CommitError.wrongBase(proposal: honest.baseTree, request: change.proposal.baseTree)
    ) {
      try await repository.commit(
        approve(forged, in: repository), request: scratch.request(on: tip))
    }
    #expect(try await scratch.head() == tip)
  }

  @Test func `I8: no program but git runs before the commit`() async throws {
    let scratch = try await Scratch.make()
    let mark = "\(scratch.root)/ran"
    try scratch.write(
      "\(scratch.root)/evil", "#!/bin/sh\necho $0 $* >>'\(mark)'\ncat\n", mode: 0o755)
    try scratch.write(".gitattributes", "*.txt filter=evil diff=evil\n")
    try scratch.write("a.txt", "a\n")
    let tip = try await scratch.commitAll()
    for key in [
      "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.evil.command",
      "core.fsmonitor", "diff.external", "core.editor", "core.pager", "gpg.program",
    ] {
      try await scratch.git("config", key, "\(scratch.root)/evil")
    }
    for hook in ["reference-transaction", "post-index-change", "pre-commit", "post-checkout"] {
      try scratch.hook(hook, "echo \(hook) >>'\(mark)'")
    }
    try scratch.write("a.txt", "dirty\n")
    unlink(mark)
    let before = try await scratch.userState()
    let repository = try await scratch.repository()
    _ = try await repository.snapshot()
    let proposal = try await propose(["b.c": "b\n"], on: tip, in: repository)
    try await repository.setAnchor(.round(1), session: "s1", tree: proposal.tree)
    let change = try await approve(proposal, in: repository)
    _ = try await repository.changes(from: proposal.baseTree, to: proposal.tree)
    _ = try await repository.prepare(change, request: scratch.request(on: tip))
    #expect(scratch.text(mark) == nil)
    // I9 on the way: nothing of the user's changed.
    #expect(try await scratch.userState() == before)
  }

  @Test
  func `I9: until the commit the user's files, index, refs and configuration stay as they are`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("other.txt", "dirty\n")
    try scratch.write("staged.txt", "staged\n")
    try await scratch.git("add", "staged.txt")
    try await scratch.git("stash", "store", tip.hex)
    let before = try await scratch.userState()
    let prepared = try await repository.prepare(change, request: scratch.request(on: tip))
    _ = try await repository.runHooks(prepared) { _ in }
    let commit = try await repository.create(prepared, message: Array("m\n".utf8))
    _ = try await repository.check(commit, of: prepared, message: Array("m\n".utf8))
    #expect(try await scratch.userState() == before)
  }

  @Test func `I11: a symbolic link on the way to a touched path keeps the checkout untouched`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      base: ["dir/a.txt": "a\n"], contents: ["dir/a.txt": "b\n"])
    rename("\(scratch.work)/dir", "\(scratch.root)/elsewhere")
    symlink("\(scratch.root)/elsewhere", "\(scratch.work)/dir")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    guard case .side(_, .symlinkInTheWay(RepositoryPath("dir")), _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(scratch.text("\(scratch.root)/elsewhere/a.txt") == "a\n")
    #expect(try await scratch.head() == tip)
  }

  @Test func `executable bits are approved and committed`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("run.sh", "echo\n")
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await repository.makeProposal(
      base: tip,
      contents: [
        RepositoryPath("run.sh"): .file(.executable, Array("echo\n".utf8)),
        RepositoryPath("new.sh"): .file(.executable, Array("echo new\n".utf8)),
      ])
    let receipt = try await repository.commit(
      approve(proposal, in: repository), request: scratch.request(on: tip))
    #expect(receipt.tree == proposal.tree)
    #expect(access("\(scratch.work)/run.sh", X_OK) == 0)
    #expect(access("\(scratch.work)/new.sh", X_OK) == 0)
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `line endings, a missing final newline and binary content are kept`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("crlf.txt", "a\r\nb\r\nc")
    try scratch.write("bin", [0, 1, 2, 255])
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await repository.makeProposal(
      base: tip,
      contents: [
        RepositoryPath("crlf.txt"): .file(.regular, Array("a\r\nB\r\nc\r\nd".utf8)),
        RepositoryPath("bin"): .file(.regular, [0, 9, 10, 13]),
        RepositoryPath("empty"): .file(.regular, []),
      ])
    _ = try await repository.commit(
      approve(proposal, in: repository), request: scratch.request(on: tip))
    #expect(scratch.text("crlf.txt") == "a\r\nB\r\nc\r\nd")
    #expect(scratch.read("bin") == [0, 9, 10, 13])
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test(arguments: [
    Array("with space.txt".utf8), Array("quote\"'$(x)`.txt".utf8), Array("käse/naïve ☃.txt".utf8),
    Array("-rf".utf8), Array(":(glob)*".utf8), Array("*".utf8), [0xff, 0xfe, 0x80],
    Array("a\\b".utf8),
  ])
  func `any name that git allows is committed under that name`(name: [UInt8]) async throws {
    let scratch = try await Scratch.make()
    try scratch.write("base", "b\n")
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await repository.makeProposal(
      base: tip, contents: [RepositoryPath(name): .file(.regular, [65, 10])])
    let receipt = try await repository.commit(
      approve(proposal, in: repository), request: scratch.request(on: tip))
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.git("status", "--porcelain") == "")
    let names = try await scratch.run(
      "/usr/bin/env", ["git", "ls-tree", "-r", "-z", "--name-only", "HEAD"])
    #expect(names.split(separator: 0).contains { $0.elementsEqual(name) })
    try await scratch.fsck()
  }

  @Test func `the first commit of an unborn branch is a root commit`() async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    let proposal = try await propose(["a.txt": "a\n", "d/b": "b\n"], on: nil, in: repository)
    let receipt = try await repository.commit(
      approve(proposal, in: repository), request: scratch.request(on: nil))
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.git("rev-list", "--parents", "HEAD") == receipt.commit.hex)
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect(scratch.text("d/b") == "b\n")
  }

  @Test func `a detached HEAD moves without any branch`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try await scratch.git("checkout", "-q", "--detach")
    let receipt = try await repository.commit(
      change, request: scratch.request(on: tip, branch: "HEAD"))
    #expect(receipt.landed == .branch("HEAD"))
    #expect(try await scratch.head() == receipt.commit)
    #expect(try await scratch.head("main") == tip)
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `a linked worktree commits on its own branch`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    try await scratch.git("worktree", "add", "-q", "-b", "side", "../linked")
    let linked = try await Repository.open(
      at: scratch.root + "/linked", environment: scratch.environment)
    let receipt = try await linked.commit(
      change, request: scratch.request(on: tip, branch: "refs/heads/side"))
    #expect(receipt.landed == .branch("refs/heads/side"))
    #expect(try await scratch.head("side") == receipt.commit)
    #expect(try await scratch.head() == tip)
    #expect(scratch.text("\(scratch.root)/linked/a.txt") == "one\nTWO\nthree\n")
    #expect(scratch.text("a.txt") == "one\ntwo\nthree\n")
  }

  @Test(arguments: [
    ("*.txt filter=f\n", ["filter.f.clean", "cat"], UnsupportedFeature.filter),
    ("*.txt filter=f\n", ["filter.f.smudge", "cat"], .filter),
    ("*.txt filter=f\n", ["filter.f.process", "cat"], .filter),
    ("*.txt working-tree-encoding=UTF-16\n", [], .workingTreeEncoding),
    ("*.txt ident\n", [], .ident), ("*.txt text eol=crlf\n", [], .lineEndings),
  ])
  func `attributes that would change a touched file are refused by name`(
    attributes: String, setting: [String], feature: UnsupportedFeature
  ) async throws {
    let scratch = try await Scratch.make()
    try scratch.write("b.md", "b\n")
    try scratch.write(".gitattributes", attributes)
    let tip = try await scratch.commitAll()
    if !setting.isEmpty { try await scratch.git("config", setting[0], setting[1]) }
    let repository = try await scratch.repository()
    let touching = try await propose(["a.txt": "a\r\n"], on: tip, in: repository)
    let change = try await approve(touching, in: repository)
    await #expect(throws: CommitError.git(.unsupported(feature, detail: "`a.txt`"))) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    let other = try await propose(["b.md": "c\n"], on: tip, in: repository)
    _ = try await repository.commit(
      approve(other, in: repository), request: scratch.request(on: tip))
  }
}
