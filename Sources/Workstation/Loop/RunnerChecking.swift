// The user's checks: begun, followed, recorded, stopped.

import Approval
import GitStore
import Review
import Terminal

/// Checks that run.
struct RunningChecks {
  let session: SessionID
  let task: Task<Void, Never>
}

extension Runner {
  func runChecks(_ id: SessionID, _ ledger: DecisionLedger) -> [Event] {
    guard checking == nil else {
      return [.checksEnded(id, "The checks of another session are running; wait for them to end.")]
    }
    let (work, mailbox) = (CommitWork(surroundings: surroundings, session: id), mailbox)
    do {
      let start = try store.history(of: id).start
      let directory = store.journalDirectory(of: id)
      checking = RunningChecks(
        session: id,
        task: Task {
          do {
            try await work.runChecks(start, ledger, journalDirectory: directory) { report in
              switch report {
              case .step(let step): mailbox.post(.event(.checksProgressed(id, step)))
              case .printed(let bytes): mailbox.post(.event(.checksPrinted(id, bytes)))
              case .result(let result): mailbox.post(.checked(id, result))
              }
            }
            mailbox.post(.checksEnded(id, nil))
          } catch {
            mailbox.post(.checksEnded(id, "The checks could not be run: \(error)"))
          }
        })
      return []
    } catch {
      return [.checksEnded(id, "\(error)")]
    }
  }

  /// Records what a check said, before it is shown.
  func checked(_ id: SessionID, _ result: CheckResult) -> [Event] {
    do {
      try store.append(id, kind: "check", body: .check(result))
      return [.checkEnded(id, result)]
    } catch {
      return [
        .noted(
          StatusMessage(
            .problem,
            "The check \(result.name) \(result.outcome.words), but that could not be recorded: \(error)"
          ))
      ]
    }
  }

  func checksEnded(_ id: SessionID, _ problem: String?) -> [Event] {
    checking = nil
    return [.checksEnded(id, problem)]
  }
}
