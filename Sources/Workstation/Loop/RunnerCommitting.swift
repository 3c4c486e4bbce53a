// The commit: its plan, its record, its making, and its end.

import Approval
import AuditLog
import Digest
import Dispatch
import GitStore
import Review
import Scanner
import Terminal

/// A commit on its way.
struct RunningCommit {
  let session: SessionID
  var task: Task<Void, Never>
}

/// A commit that was made, with what the ledger keeps of it.
struct CommitReport: Sendable {
  var outcome: CommitOutcome
  let tree: ObjectID
  /// What went wrong although the commit was made, a sentence each.
  var troubles: [String] = []
  /// Whether its note has still to be kept.
  var lacksNote = false
}

extension Runner {
  func planCommit(
    _ id: SessionID, _ sheet: Int, _ ledger: DecisionLedger, _ acknowledged: [Finding]
  ) {
    // A round that nobody asked for would close the sheet.
    for event in endRepairs(id) { mailbox.post(.event(event)) }
    let work = CommitWork(surroundings: surroundings, session: id)
    let mailbox = mailbox
    do {
      let history = try store.history(of: id)
      let message = try store.message(id)
      let directory = store.journalDirectory(of: id)
      Task {
        do {
          let plan = try await work.plan(
            history, ledger, acknowledged, message: message, journalDirectory: directory)
          mailbox.post(.event(.commitPlanned(sheet, plan)))
        } catch {
          mailbox.post(.event(.planFailed(sheet, "\(error)")))
        }
      }
    } catch {
      mailbox.post(.event(.planFailed(sheet, "\(error)")))
    }
  }

  /// Works out what exactly will be committed; the commit follows when that is on the disk.
  func prepareCommit(_ id: SessionID, _ ledger: DecisionLedger, _ message: [UInt8]) -> [Event] {
    guard committing == nil else {
      return [.commitFailed("Another commit is being made; wait for it to end, then commit again.")]
    }
    guard checking?.session != id else {
      return [.commitFailed("The checks are still running; wait for them to end, or stop them.")]
    }
    let work = CommitWork(surroundings: surroundings, session: id)
    let mailbox = mailbox
    do {
      let history = try store.history(of: id)
      let directory = store.journalDirectory(of: id)
      committing = RunningCommit(
        session: id,
        task: Task {
          do {
            let approval = try await work.approval(history, ledger, journalDirectory: directory)
            mailbox.post(.approvalReady(id, approval, ledger, message: message))
          } catch {
            mailbox.post(.commitFailed(error))
          }
        })
      return []
    } catch {
      return [Self.failure(error)]
    }
  }

  /// Records what is about to be committed, and has it signed; the commit follows when that is done.
  func recordApproval(
    _ id: SessionID, _ approval: ApprovalRecord, _ ledger: DecisionLedger, _ message: [UInt8]
  ) -> [Event] {
    guard committing?.task.isCancelled == false else {
      return take(.commitFailed(CommitError.cancelled))
    }
    let (signing, mailbox) = (ApprovalSigning(surroundings: surroundings), mailbox)
    do {
      let record = try store.append(id, kind: ApprovalRecord.kind, body: approval.body)
      var recorded = RecordedApproval(
        record: record, tree: approval.tree, ledger: ledger, message: message)
      guard surroundings.configuration.commit.signingKey != nil else {
        return commit(id, recorded)
      }
      committing?.task = Task {
        do {
          recorded.signature = try await signing.signature(of: record)
          mailbox.post(.approvalSigned(id, recorded))
        } catch is CancellationError {
          mailbox.post(.commitFailed(CommitError.cancelled))
        } catch {
          mailbox.post(.commitFailed(error))
        }
      }
      return [.commitProgressed("signing the approval")]
    } catch {
      return take(.commitFailed(error))
    }
  }

  /// Makes the commit of an approval that is recorded.
  func commit(_ id: SessionID, _ approval: RecordedApproval) -> [Event] {
    guard committing?.task.isCancelled == false else {
      return take(.commitFailed(CommitError.cancelled))
    }
    let work = CommitWork(surroundings: surroundings, session: id)
    let mailbox = mailbox
    do {
      if let signature = approval.signature {
        try store.append(
          id, kind: "signature",
          body: [
            "of": .text(approval.record.digest.hex),
            "signature": .text(String(decoding: signature, as: UTF8.self)),
          ])
      }
      let history = try store.history(of: id)
      let head = ChainHead(after: approval.record)
      let directory = store.journalDirectory(of: id)
      committing?.task = Task {
        do {
          var report = try await work.commit(
            history, approval.ledger, message: approval.message, tree: approval.tree, head: head,
            journalDirectory: directory
          ) { mailbox.post(.event($0)) }
          do {
            try await work.keepNote(
              approval.record, signature: approval.signature, on: report.outcome.commit)
          } catch {
            report.lacksNote = true
            report.troubles.append(
              "The note on the commit could not be kept, and the next start tries again: \(error)")
          }
          mailbox.post(.committed(id, report))
        } catch {
          mailbox.post(.commitFailed(error))
        }
      }
      return []
    } catch {
      return take(.commitFailed(error))
    }
  }

  static func failure(_ error: any Error) -> Event {
    if case .landingUnknown? = error as? CommitError { return .commitUncertain("\(error)") }
    return .commitFailed("\(error)")
  }

  /// Takes in what arrived for the session while it was being committed.
  func commitEnded() -> [Event] {
    committing = nil
    return takeHeld()
  }

  /// Records a commit that was made, and only then lets go of its journal.
  func committed(_ id: SessionID, _ report: CommitReport) -> [Event] {
    var troubles = report.troubles
    do {
      try store.append(
        id, kind: "commit",
        body: .commit(report.outcome.commit, tree: report.tree, landed: report.outcome.landed))
      do {
        // Before the journal goes: a crash between the two finds the one or the other.
        if report.lacksNote { try store.oweNote(on: report.outcome.commit, id) }
        try Repository.endLanding(journalDirectory: store.journalDirectory(of: id))
      } catch {
        troubles.append("The landing could not be marked as recorded: \(error)")
      }
    } catch {
      troubles.append(
        "It is committed, but the ledger could not say so; the next start records it: \(error)")
    }
    let said = troubles.joined(separator: " ")
    return [.committed(id, report.outcome)]
      + (said.isEmpty ? [] : [.noted(StatusMessage(.problem, said))]) + commitEnded()
  }

  /// Stops checks, and a commit that is not landing yet; waits for one that is, or is being taken back, and records that and what the checks
  /// said last.
  func finishChecksAndCommit() -> String? {
    for task in [checking?.task, committing?.task].compactMap(\.self) {
      task.cancel()
      Self.wait(for: task)
    }
    if let undoing { Self.wait(for: undoing) }
    var sentences: [String] = []
    for arrival in mailbox.drain() {
      let events: [Event]
      switch arrival {
      case .committed(let id, let report): events = committed(id, report)
      case .commitFailed(let error): events = [Self.failure(error)]
      case .approvalReady, .approvalSigned: events = [Self.failure(CommitError.cancelled)]
      case .undoEnded(let id, let commit, let problem): events = undoEnded(id, commit, problem)
      case .checked(let id, let result): events = checked(id, result)
      default: continue
      }
      sentences += events.compactMap(Self.words)
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: "\n")
  }

  /// Blocks the terminal's thread until a task that does not need it has ended.
  static func wait(for task: Task<Void, Never>) {
    let ended = DispatchSemaphore(value: 0)
    Task {
      await task.value
      ended.signal()
    }
    ended.wait()
  }

  private static func words(_ event: Event) -> String? {
    switch event {
    case .committed(_, let outcome): "Committed \(outcome.commit.short). \(outcome.landed)"
    case .commitFailed(let reason), .commitUncertain(let reason): reason
    case .noted(let message), .roundArrived(_, let message, _): message.text
    default: nil
    }
  }
}
