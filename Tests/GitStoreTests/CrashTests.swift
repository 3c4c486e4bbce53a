import Approval
import GitStore
import Glibc
import Testing

@Suite struct CrashTests {
  /// Kills the process that commits, at one step, as the kernel or a power cut would.
  @Test(arguments: ["checked", "journalWritten", "branchMoved", "filesUpdated"])
  func `I15: after kill -9 the next start finds the repository as before or finishes the landing`(
    step: String
  ) async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n"])
    let (work, root) = (scratch.work, scratch.root)
    let environment = scratch.environment
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        work = work as String, root = root as String, step = step as String,
        environment = environment as [String: String], tip = tip.hex as String
      ] in
      let tip = try #require(ObjectID(hex: tip))
      let repository = try await Repository.open(at: work, environment: environment)
      let proposal = try await propose(
        ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n"], on: tip,
        in: repository)
      var request = CommitRequest(
        session: "s1", message: Array("m\n".utf8), branch: "refs/heads/main", expectedTip: tip,
        slug: "change", worktreeDirectory: "\(root)/state/worktree",
        journalDirectory: "\(root)/state/journal")
      request.faults.checkpoint = { current in
        if current.rawValue == step { kill(getpid(), SIGKILL) }
      }
      _ = try await repository.commit(approve(proposal, in: repository), request: request)
    }
    let repository = try await scratch.repository()
    let recovery = try await repository.finishLanding(
      journalDirectory: "\(scratch.root)/state/journal")
    let head = try await scratch.head()
    switch step {
    case "checked": #expect(recovery == nil && head == tip)
    case "journalWritten":
      guard case .nothingMoved = recovery, head == tip else {
        Issue.record("recovered as \(String(describing: recovery))")
        return
      }
    default:
      #expect(recovery == .finished(commit: head))
      #expect(head != tip)
    }
    #expect(try await scratch.git("status", "--porcelain") == "")
    try await scratch.fsck()
    guard head == tip else { return }
    _ = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }
}
