import Approval
import GitStore
import Glibc
import Testing

/// A call of git that fails, and how.
struct GitFault: Sendable, CustomTestStringConvertible {
  enum Manner: String, CaseIterable, Sendable {
    /// It fails without doing anything.
    case before
    /// It does its work and then reports failure.
    case after
    /// It does its work and is then killed.
    case killed
  }

  let call: Int
  let manner: Manner

  static let all = (1...6).flatMap { call in
    Manner.allCases.map { GitFault(call: call, manner: $0) }
  }

  var testDescription: String { "call \(call) \(manner.rawValue)" }
}

@Suite struct FaultTests {
  /// Replaces git by a script that counts the calls that make or land a commit.
  private func faultyEnvironment(
    _ scratch: Scratch, _ fault: GitFault
  ) throws -> [String: String] {
    let real = try #require(
      scratch.environment["PATH"]?.split(separator: ":").map { "\($0)/git" }.first { exists($0) })
    let count = "\(scratch.root)/count"
    try scratch.write(count, "")
    let ending =
      switch fault.manner {
      case .before: "exit 1"
      case .after: "'\(real)' \"$@\"; exit 1"
      case .killed: "'\(real)' \"$@\"; kill -9 $$"
      }
    try scratch.write(
      "\(scratch.root)/bin/git",
      """
      #!/bin/sh
      case " $* " in
      *" commit-tree "*|*" update-ref "*|*" read-tree "*|*" update-index "*)
        printf x >>'\(count)'
        if [ $(wc -c <'\(count)') = \(fault.call) ]; then
          \(ending)
        fi;;
      esac
      exec '\(real)' "$@"

      """, mode: 0o755)
    var environment = scratch.environment
    environment["PATH"] = "\(scratch.root)/bin:\(environment["PATH"] ?? "")"
    return environment
  }

  @Test(arguments: GitFault.all)
  func `I15: whichever git call fails, nothing is half done or the next start finishes it`(
    fault: GitFault
  ) async throws {
    let (scratch, sound, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n"])
    let faulty = try await Repository.open(
      at: scratch.work, environment: try faultyEnvironment(scratch, fault))
    let request = scratch.request(on: tip)
    let outcome: Result<CommitReceipt, CommitError>
    do throws(CommitError) {
      outcome = .success(try await faulty.commit(change, request: request))
    } catch {
      outcome = .failure(error)
    }
    try await scratch.fsck()
    let recovery = try await sound.finishLanding(journalDirectory: request.journalDirectory)
    if case .blocked = recovery { Issue.record("blocked: \(fault)") }
    #expect(!exists("\(scratch.work)/.git/index.lock"))
    #expect(try await scratch.git("status", "--porcelain") == "", "\(fault)")
    let head = try await scratch.head()
    if case .success(let receipt) = outcome, case .branch = receipt.landed {
      #expect(head == receipt.commit)
    }
    if head == tip {
      let again = try await sound.commit(change, request: request)
      #expect(again.landed == .branch("refs/heads/main"))
    }
    #expect(try await scratch.git("rev-parse", "HEAD^{tree}") == change.proposal.tree.hex)
    #expect(scratch.text("new/new.txt") == "new\n")
    #expect(try await scratch.git("status", "--porcelain") == "")
    try await scratch.fsck()
  }

  @Test func `I15: a full disk is not taken for changes of the user`()
    async throws
  {
    let (scratch, sound, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n"])
    let real = try #require(
      scratch.environment["PATH"]?.split(separator: ":").map { "\($0)/git" }.first { exists($0) })
    try scratch.write(
      "\(scratch.root)/bin/git",
      """
      #!/bin/sh
      case " $* " in
      *" -n "*) ;;
      *" read-tree "*-u*|*" checkout-index "*)
        printf 'one\\nTW' >'\(scratch.work)/a.txt'
        echo 'error: unable to write file a.txt' >&2
        exit 128;;
      esac
      exec '\(real)' "$@"

      """, mode: 0o755)
    var environment = scratch.environment
    environment["PATH"] = "\(scratch.root)/bin:\(environment["PATH"] ?? "")"
    let faulty = try await Repository.open(at: scratch.work, environment: environment)
    let request = scratch.request(on: tip)
    let receipt = try await faulty.commit(change, request: request)
    #expect(receipt.landed == .branch("refs/heads/main") && receipt.hasFilesBehind)
    #expect(receipt.troubles.description.contains("unable to write file"))
    #expect(try await scratch.head() == receipt.commit)
    // Once the commit is on record, its journal still stays for the files.
    try Repository.endLanding(journalDirectory: request.journalDirectory)
    // What is the user's stays; what is the beginning of the new version is what git left.
    try scratch.write("a.txt", "one\nTW, and mine\n")
    #expect(
      try await sound.finishLanding(journalDirectory: request.journalDirectory)
        == .blocked(commit: receipt.commit, paths: [RepositoryPath("a.txt")]))
    try scratch.write("a.txt", "one\nTW")
    #expect(
      try await sound.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: receipt.commit))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }
}
