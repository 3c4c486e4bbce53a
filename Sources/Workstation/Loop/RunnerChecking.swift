// The user's checks: begun, followed, recorded, stopped.

import Approval
import GitStore
import Review
import Synchronization
import Terminal

/// Checks that run.
struct RunningChecks {
  let session: SessionID
  let output: CheckOutput
  let task: Task<Void, Never>
  /// Why a result could not be recorded, a sentence.
  var problem: String?
}

/// What checks print, until the loop takes it: the last mebibyte at most, however long that is.
final class CheckOutput: Sendable {
  /// How long output is gathered before it is shown.
  static let pause = Duration.milliseconds(100)

  private let bytes = Mutex<[UInt8]>([])

  /// Adds what was printed; returns whether nothing was waiting before.
  func add(_ printed: [UInt8]) -> Bool {
    bytes.withLock { bytes in
      let wasEmpty = bytes.isEmpty
      bytes += printed
      bytes = ChecksState.shortened(bytes)
      return wasEmpty && !printed.isEmpty
    }
  }

  func take() -> [UInt8] {
    bytes.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }
}

extension Runner {
  func runChecks(_ id: SessionID, _ ledger: DecisionLedger) -> [Event] {
    guard checking == nil, committing == nil else {
      return [
        .checksEnded(
          id, "Other checks are running, or a commit is being made; wait for that to end.")
      ]
    }
    let (work, mailbox) = (CommitWork(surroundings: surroundings, session: id), mailbox)
    do {
      let history = try store.history(of: id)
      let directory = store.journalDirectory(of: id)
      let output = CheckOutput()
      checking = RunningChecks(
        session: id, output: output,
        task: Task {
          do {
            try await work.runChecks(history, ledger, journalDirectory: directory) { report in
              switch report {
              case .began(let tree): mailbox.post(.event(.checksBegan(id, tree: tree)))
              case .step(let step): mailbox.post(.event(.checksProgressed(id, step)))
              case .printed(let bytes):
                guard output.add(bytes) else { break }
                // What is printed without end must not be drawn without end.
                Task {
                  try await Task.sleep(for: CheckOutput.pause)
                  mailbox.post(.checksPrinted(id))
                }
              case .result(let result): mailbox.post(.checked(id, result))
              }
            }
            mailbox.post(.checksEnded(id, nil))
          } catch ApprovalError.nothingApproved {
            mailbox.post(
              .checksEnded(id, "Nothing is approved yet, so there is nothing to check."))
          } catch let problem as CommitRefusal {
            mailbox.post(.checksEnded(id, "\(problem)"))
          } catch is CancellationError {
            mailbox.post(.checksEnded(id, nil))
          } catch {
            mailbox.post(.checksEnded(id, "The checks could not be run: \(error)."))
          }
        })
      return []
    } catch {
      return [.checksEnded(id, "\(error)")]
    }
  }

  func checksPrinted(_ id: SessionID) -> [Event] {
    guard let checking, checking.session == id else { return [] }
    return [.checksPrinted(id, checking.output.take())]
  }

  /// Records what a check said, before it is shown. What cannot be recorded counts for nothing, and ends the run.
  func checked(_ id: SessionID, _ result: CheckResult) -> [Event] {
    do {
      try store.append(id, kind: "check", body: .check(result))
      return [.checkEnded(id, result)]
    } catch {
      checking?.problem =
        "\(result.name) \(result.outcome.words), but that could not be recorded, so it does not count: \(error)"
      checking?.task.cancel()
      return []
    }
  }

  func checksEnded(_ id: SessionID, _ problem: String?) -> [Event] {
    let printed = checksPrinted(id)
    let problem = checking?.problem ?? problem
    checking = nil
    return printed + [.checksEnded(id, problem)]
  }
}
