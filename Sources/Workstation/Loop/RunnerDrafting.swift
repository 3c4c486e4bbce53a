// Asks the model for a commit message; the message is the human's to edit or take.

import Approval
import AuditLog
import Digest
import ModelClient
import Review
import Terminal

/// A commit message that the model is asked for.
struct DraftRun {
  let session: SessionID
  /// Tells this question from one that was stopped before it.
  let generation: Int
  var model = ""
  var prepared: PreparedDraft?
  var exchange: ChatExchange?
}

extension Runner {
  func draftMessage(_ id: SessionID, _ ledger: DecisionLedger, _ endpoint: String) -> [Event] {
    let stopped = endRepairs(id)
    guard drafting == nil, exchanges[id] == nil, again[id] == nil else {
      return stopped + [
        .draftEnded(
          id, StatusMessage(.note, "The model is at work already; wait for its answer."))
      ]
    }
    draftGeneration += 1
    let (generation, mailbox) = (draftGeneration, mailbox)
    let work = MessageDrafting(maker: maker)
    do {
      let history = try store.history(of: id)
      drafting = DraftRun(session: id, generation: generation)
      Task {
        do {
          let prepared = try await work.prepare(history, ledger, endpoint: endpoint)
          mailbox.post(.draftReady(prepared, generation: generation))
        } catch {
          mailbox.post(.draftFailed("\(error)", generation: generation))
        }
      }
      return stopped
    } catch {
      return stopped + [.draftEnded(id, StatusMessage(.problem, "\(error)"))]
    }
  }

  /// Shows what would be sent.
  func showDraftPrompt(_ id: SessionID, _ ledger: DecisionLedger, _ endpoint: String) -> [Event] {
    saying {
      let work = MessageDrafting(maker: maker)
      let history = try store.history(of: id)
      inBackground {
        let prepared = try await work.prepare(history, ledger, endpoint: endpoint)
        return .event(
          .viewerReady(
            RequestMaker.viewer(
              prepared.request, over: prepared.connection, called: "the model", origin: .commit)))
      }
      return []
    }
  }

  /// Records that the model is asked, then asks: no byte of source leaves without a record.
  func begin(_ prepared: PreparedDraft, generation: Int) -> [Event] {
    guard var run = drafting, run.generation == generation else { return [] }
    let mailbox = mailbox
    do {
      run.model = prepared.use.model
      run.prepared = prepared
      try store.append(
        run.session, kind: "asked-message", body: .object(JSONObject(prepared.use.members)))
      occupy(try store.history(of: run.session).start, prepared.use)
      run.exchange = try prepared.connection.stream(prepared.request) { event in
        mailbox.post(.draft(event, generation: generation))
      }
      drafting = run
      return [
        .verdictGiven(run.session, prepared.use.verdict),
        .draftProgressed(run.session, .connecting),
      ]
    } catch {
      return draftEnded(StatusMessage(.problem, "\(error)"))
    }
  }

  func take(_ event: ModelEvent, ofDraft generation: Int) -> [Event] {
    guard let run = drafting, run.generation == generation else { return [] }
    if let progress = event.progress { return [.draftProgressed(run.session, progress)] }
    switch event {
    case .connecting, .queued, .readingPrompt, .writing: return []
    case .text, .reasoning: return []
    case .dropped:
      guard let prepared = run.prepared else { return [] }
      // The same question as another body is asked anew, as far as the ledger goes.
      let use = ModelUse(
        of: prepared.request, over: prepared.connection, called: prepared.use.endpoint)
      return saying {
        try store.append(run.session, kind: "asked-message", body: .object(JSONObject(use.members)))
        return []
      }
    case .retrying(_, let milliseconds, let because):
      return [.noted(Self.retrying(milliseconds, because))]
    case .done(let summary):
      guard summary.outcome.isUsable else {
        return draftEnded(StatusMessage(.problem, summary.outcome.sentence))
      }
      return drafted(summary.text, run)
    case .failed(let error, _): return draftEnded(StatusMessage(.problem, "\(error)"))
    case .cancelled: return draftEnded(StatusMessage(.note, "Stopped; the message stays."))
    }
  }

  /// Records the message, so that the model is named in the commit, and shows it.
  private func drafted(_ answer: [UInt8], _ run: DraftRun) -> [Event] {
    guard let message = DraftedMessage.text(of: answer) else {
      return draftEnded(StatusMessage(.problem, "The answer holds no message; yours stays."))
    }
    do {
      try store.append(
        run.session, kind: "message",
        body: ["sha256": .text(SHA256Digest.of(message).hex), "model": .text(run.model)])
    } catch {
      return draftEnded(
        StatusMessage(.problem, "The message could not be recorded, so it is not used: \(error)"))
    }
    drafting = nil
    leaveQueue(run.session)
    return [.messageDrafted(run.session, message, model: run.model)] + takeTurns()
  }

  func draftFailed(_ reason: String, generation: Int) -> [Event] {
    // One that was stopped says nothing any more.
    guard drafting?.generation == generation else { return [] }
    return draftEnded(StatusMessage(.problem, reason))
  }

  /// Stops the model; a question that has not been sent yet is not sent.
  func cancelDraft() -> [Event] {
    guard let drafting else { return [] }
    drafting.exchange?.cancel()
    return draftEnded(StatusMessage(.note, "Stopped; the message stays."))
  }

  private func draftEnded(_ said: StatusMessage) -> [Event] {
    guard let run = drafting else { return [] }
    drafting = nil
    leaveQueue(run.session)
    return [.draftEnded(run.session, said)] + takeTurns()
  }
}
