// Faults at system calls of every kind, from the first key to the end of a landing on the branch that is checked out.

import Glibc
import TerminalHarness
import Testing

/// One fault: at which call of a kind, and what happens in it.
///
/// strace counts the calls of each thread and process by itself, so the same number stands for one of the program's own calls and for
/// one of each git that it starts.
struct SystemCallFault: CustomStringConvertible, Sendable {
  let calls: String
  let number: Int
  /// As in strace(1), such as `signal=KILL` or `error=EIO`.
  let happening: String
  /// Whether every later call fails too, as on a full disk.
  var goesOn = false
  /// Whether only calls on the session's ledger count.
  var isOfLedger = false

  var description: String {
    "\(calls)\(isOfLedger ? " of the ledger" : "") \(happening) \(number)\(goesOn ? "+" : "")"
  }

  /// As strace takes it; `ledger` is the ledger's path.
  func options(ledger: String) -> String {
    (isOfLedger ? "-P \(ledger) " : "")
      + "-e inject=\(calls):\(happening):when=\(number)\(goesOn ? "+" : "")"
  }

  /// What each kind of call may fail with. Writing is to the terminal too, which nothing stands for when it cannot be written to: there the
  /// ledger's writes fail.
  ///
  /// With up to which call there is one: beyond that nothing would be tried.
  private static let kinds = [
    ("write,pwrite64,writev", "", 400), ("fsync,fdatasync", "EIO", 22),
    ("rename,renameat,renameat2", "EACCES", 7), ("unlink,unlinkat", "EBUSY", 12),
    ("mkdir,mkdirat", "EROFS", 4), ("link,linkat,symlink,symlinkat", "EROFS", 3),
    ("ftruncate,fchmod,chmod", "EPERM", 2), ("execve", "EAGAIN", 1),
    ("clone,clone3,vfork", "EAGAIN", 24), ("openat", "EMFILE", 400), ("close", "EIO", 400),
    ("flock,fcntl", "ENOLCK", 24),
  ]

  static let isDeep = getenv("COUNTERSIGN_DEEP") != nil

  /// A sample in `make test`; in a deep run each kind at its first 24 calls, and at every fourteenth of those of which there are hundreds.
  static let all: [SystemCallFault] = {
    guard isDeep else {
      return [
        SystemCallFault(calls: "fsync,fdatasync", number: 4, happening: "signal=KILL"),
        SystemCallFault(calls: "rename,renameat,renameat2", number: 3, happening: "signal=KILL"),
        SystemCallFault(calls: "rename,renameat,renameat2", number: 2, happening: "error=EACCES"),
        SystemCallFault(calls: "write,pwrite64,writev", number: 60, happening: "signal=KILL"),
        SystemCallFault(
          calls: "fsync,fdatasync", number: 5, happening: "error=ENOSPC", goesOn: true),
        SystemCallFault(calls: "write", number: 3, happening: "error=ENOSPC", isOfLedger: true),
      ]
    }
    let ofLedger = (1...8).flatMap { number in
      [false, true].map {
        SystemCallFault(
          calls: "write", number: number, happening: "error=ENOSPC", goesOn: $0, isOfLedger: true)
      }
    }
    return ofLedger
      + kinds.flatMap { calls, error, last in
        let numbers = Array(1...min(24, last)) + Array(stride(from: 30, through: last, by: 14))
        return numbers.flatMap { number in
          [
            SystemCallFault(calls: calls, number: number, happening: "signal=KILL")
          ]
            + (error.isEmpty
              ? [] : [SystemCallFault(calls: calls, number: number, happening: "error=\(error)")])
            + (number % 4 == 0 && !error.isEmpty
              ? [
                SystemCallFault(
                  calls: calls, number: number, happening: "error=\(error)", goesOn: true)
              ] : [])
        }
      }
  }()
}

/// Without a time limit, which would count the waiting of hundreds of cases: every wait in here is bounded.
@Suite(.enabled(if: PerimeterTests.hasStrace, "strace cannot trace here."))
struct LandingFaultTests {
  @Test(arguments: SystemCallFault.all)
  func `afterwards the repository is whole, the decisions are there, and the next start commits`(
    fault: SystemCallFault
  ) throws {
    let asked = try ModelSession()
    let (scratch, session) = (asked.scratch, asked.session)
    let base = try scratch.git("rev-parse", "HEAD")
    let first = try scratch.terminal(["open", session])
    try first.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try first.approve()
    try first.leave()

    try disturb(scratch, session, fault)
    // A number that no call has any more tries nothing. In a deep run some are beyond the last call, and the test says which.
    let calls = String(decoding: try scratch.read("tmp/calls"), as: UTF8.self)
    let hasHappened = calls.contains("(INJECTED)") || calls.contains("+++ killed by SIGKILL")
    if SystemCallFault.isDeep, !hasHappened { print("not reached: \(fault)") }
    #expect(hasHappened || SystemCallFault.isDeep)

    let check = try run(
      ["/usr/bin/env", "git", "fsck", "--full", "--no-dangling"],
      environment: scratch.environment(), directory: scratch.repository)
    #expect(check.exit == .code(0), "\(check.problem)")
    try endWith(scratch, session)
    let expected = try scratch.tree(
      of: base,
      with: [
        "a.txt": Array(numberedLines(20, "a", changing: [5: "a line five"]).utf8),
        "sub/new.txt": Array("new\n".utf8),
      ], in: scratch.repository)
    #expect(try scratch.git("rev-parse", "HEAD^{tree}") == expected)
    #expect(try scratch.git("rev-list", "--count", "\(base)..HEAD") == "1")
    let verified = try scratch.countersign(["verify", "HEAD"])
    #expect(verified.exit == .code(0), "\(verified.text)")
    try scratch.expectClean()
  }

  /// Approves the second change and commits, while the fault happens; how far that comes is open.
  private func disturb(_ scratch: Scratch, _ session: String, _ fault: SystemCallFault) throws {
    let ledger = "\(scratch.repository)/.git/countersign/sessions/\(session)/ledger.jsonl"
    do {
      let terminal = try scratch.shell(
        "exec strace -f -o \(scratch.path)/tmp/calls \(fault.options(ledger: ledger)) \"$countersign\" open \(session)"
      )
      // A file that cannot be read counts nothing, and has a sign of its own in the pane.
      try terminal.waitFor("a screen") {
        $0.tally?.total == 2 || $0.saysTrouble || $0.shows(" ! ")
      }
      guard terminal.tally?.total == 2 else { return try end(terminal) }
      try terminal.settle()
      try terminal.send("y")
      try terminal.waitFor("an answer") { $0.tally?.approved == 2 || $0.saysTrouble }
      guard terminal.tally?.approved == 2 else { return try end(terminal) }
      try terminal.send("C")
      try terminal.waitFor("the sheet") {
        $0.shows("What will be committed") || $0.shows("Nothing was") || $0.saysTrouble
      }
      guard terminal.shows("What will be committed") else { return try end(terminal) }
      try terminal.send("C")
      try terminal.waitFor("an end") {
        $0.shows("To look at it:") || $0.shows("Nothing was") || $0.shows("could not be found out")
          || $0.message.contains("could not")
      }
      try end(terminal)
    } catch HarnessError.ended {
      // Killed, or ended because it could not go on: both are what is tried.
    }
  }

  /// Leaves from wherever it is; a program that is stuck is a failure of the test.
  private func end(_ terminal: PseudoTerminal) throws {
    for _ in 0..<3 {
      try terminal.send("q")
      try terminal.settle()
    }
    _ = try terminal.waitForExit()
  }

  /// Starts again without a fault: commits, unless that was done.
  private func endWith(_ scratch: Scratch, _ session: String) throws {
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitFor("the review") { $0.tally?.total == 2 }
    try terminal.settle()
    let approved = terminal.tally?.approved ?? 0
    // What was decided before the fault is there.
    #expect(approved >= 1)
    if try scratch.git("rev-list", "--count", "HEAD") == "1" {
      if approved < 2 { try terminal.approve() }
      _ = try terminal.commit()
      try terminal.waitFor(text: "To look at it:")
    }
    try terminal.leave()
  }
}

extension PseudoTerminal {
  /// Whether it says that something could not be done.
  fileprivate var saysTrouble: Bool {
    ["not ", "no such", "cannot"].contains { unwrappedMessage.contains($0) }
  }
}
