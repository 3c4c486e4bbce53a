// What the user's own checks say of the tree that would be committed.

package import Approval

/// How a check ended.
package enum CheckOutcome: Hashable, Sendable {
  case passed
  /// With this exit code.
  case failed(Int)
  /// It took longer than this many seconds.
  case timedOut(Int)
  case cancelled
  /// It never began, or was ended by a signal; a sentence. This is not a pass.
  case couldNotRun(String)

  /// Whether it says something of the tree; what was cancelled or could not run does not.
  package var isVerdict: Bool {
    switch self {
    case .passed, .failed, .timedOut: true
    case .cancelled, .couldNotRun: false
    }
  }

  /// Says it after the check's name.
  package var words: String {
    switch self {
    case .passed: "passed"
    case .failed(let code): "failed with \(code)"
    case .timedOut(let seconds): "stopped after \(seconds) s"
    case .cancelled: "cancelled"
    case .couldNotRun(let reason): "could not run: \(reason)"
    }
  }
}

/// What kept a check apart from the rest of the machine.
package enum CheckSandbox: String, Hashable, Sendable {
  case bubblewrap
  case namespaces
  case none

  /// In a few words, for screens.
  package var words: String {
    switch self {
    case .bubblewrap: "without network, everything else read-only (bubblewrap)"
    case .namespaces: "without network, everything else read-only (namespaces)"
    case .none: "without a sandbox (isolate_checks is off)"
    }
  }
}

/// What one run of a check said of one tree.
package struct CheckResult: Hashable, Sendable {
  package let name: String
  /// What was run, program first; a result holds for no other command.
  package let command: [String]
  /// What it stood on besides the tree: how its checkout was set up.
  package let ground: [String]
  package let tree: ObjectID
  package let outcome: CheckOutcome
  package let seconds: Int
  package let sandbox: CheckSandbox

  package init(
    name: String, command: [String], ground: [String] = [], tree: ObjectID, outcome: CheckOutcome,
    seconds: Int,
    sandbox: CheckSandbox
  ) {
    self.name = name
    self.command = command
    self.ground = ground
    self.tree = tree
    self.outcome = outcome
    self.seconds = seconds
    self.sandbox = sandbox
  }
}

/// A configured check on the commit sheet, with what it said of the tree there.
package struct PlannedCheck: Hashable, Sendable {
  package let name: String
  package let isRequired: Bool
  /// nil when it has not run on this tree.
  package let result: CheckResult?
  /// What it said of the whole proposal, to compare; nil when it has not run on that.
  package let onProposal: CheckResult?

  package init(name: String, isRequired: Bool, result: CheckResult?, onProposal: CheckResult?) {
    self.name = name
    self.isRequired = isRequired
    self.result = result
    self.onProposal = onProposal
  }

  /// Why nothing can be committed, if that is so.
  package var obstacle: String? {
    guard isRequired, result?.outcome != .passed else { return nil }
    return result.map { "The check \(name), which is required, \($0.outcome.words)" }
      ?? "The check \(name) is required and has not run on this tree"
  }
}

/// The checks of one session that run, or ran last.
package struct ChecksState: Sendable {
  package let session: SessionID
  /// The approved tree that they are about; nil until it is made.
  package var tree: ObjectID?
  /// What runs now, in words; nil when nothing does any more.
  package var step: String? = "preparing"
  /// What the checks print, newest last.
  package var output: [UInt8] = []
  package var results: [CheckResult] = []

  package init(session: SessionID) { self.session = session }

  package var isRunning: Bool { step != nil }

  /// The end of what was printed, from a line's beginning on, where it is more than a mebibyte; says that something was left out.
  package static func shortened(_ output: [UInt8]) -> [UInt8] {
    guard output.count > 1 << 20 else { return output }
    let end = output.suffix(1 << 19)
    let lines = end.firstIndex(of: UInt8(ascii: "\n")).map { end[($0 + 1)...] } ?? end
    return Array("… what was printed before is left out: it was too much …\n".utf8) + lines
  }

  /// Keeps the last mebibyte at most: a check may print without end.
  mutating func print(_ bytes: [UInt8]) {
    output += bytes
    output = Self.shortened(output)
  }
}
