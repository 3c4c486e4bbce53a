// A request from the command line: the same path as on the screen, with progress in lines.

package import Approval
import AuditLog
package import Review
import Terminal

package enum HeadlessRequest {
  /// What came of it.
  package enum Ending: Sendable {
    case ready(SessionID, files: Int, unplaced: Int)
    case failed(SessionID?, String)
    /// The guard refused the endpoint; nothing was sent.
    case refused(String)
  }

  /// What to say meanwhile.
  package enum Notice: Hashable, Sendable {
    /// A sentence that stays.
    case line(String)
    /// How far the present step is; replaces the one before. `step` is the same as long as the step is.
    case progress(step: String, text: String)
  }

  /// Sends `draft` and waits until its proposal is ready or it has failed.
  ///
  /// - Parameter notice: called whenever there is something to say.
  package static func run(
    _ surroundings: Surroundings, _ draft: RequestDraft, notice: (Notice) -> Void
  ) -> Ending {
    let waker = Waker()
    let mailbox = Mailbox<Arrival>(waker: waker)
    let runner = Runner(
      surroundings: surroundings, store: surroundings.makeStore(), mailbox: mailbox,
      keepsRequests: false)
    _ = runner.run(.ask(draft, replacing: nil))
    var session: SessionID?
    var isReady = false
    let interrupt = InterruptWatch(waker)
    while true {
      waker.wait()
      waker.clear()
      if interrupt.takeNoted() {
        guard let session else { return .failed(nil, "Stopped; nothing was sent.") }
        if isReady {
          // The proposal is there; only what was asked for by itself is left.
          runner.endRepairs(session)
          return ending(runner, session)
        }
        for event in runner.run(.cancelRequest(session)).events {
          if case .sessionSettled(let id, .cancelled) = event, id == session {
            return .failed(id, Self.cancelled)
          }
        }
      }
      for arrival in mailbox.drain() {
        if case .unsent(_, let reason, let isRefused) = arrival {
          return isRefused ? .refused(reason) : .failed(nil, reason)
        }
        if case .tooLong(_, _, let reason) = arrival { return .failed(nil, reason) }
        if case .serverStarting(let words) = arrival {
          notice(.progress(step: "starting the server", text: words))
          continue
        }
        for event in runner.take(arrival) {
          switch event {
          case .sessionStarted(let summary, _):
            session = summary.id
            notice(.line("session \(summary.id), \(summary.verdict), model \(summary.model)"))
          case .requestProgressed(let id, let step) where id == session: notice(words(step))
          case .sessionSettled(let id, .ready(let count, let unplaced)):
            guard runner.isRepairing(id) else {
              return .ready(id, files: count, unplaced: unplaced)
            }
            isReady = true
          case .sessionSettled(let id, .failed(let reason)): return .failed(id, reason)
          case .sessionSettled(let id, .cancelled): return .failed(id, Self.cancelled)
          case .againProgressed(_, let step?) where step.isByItself:
            notice(
              .progress(
                step: "asking again for an edit of \(DisplayedBytes.text(of: step.path.bytes))",
                text: "an edit had no place, asking again: \(step.progress.words)"))
          case .repairFailed(_, _, let reason): notice(.line("asked again by itself: \(reason)"))
          case .noted(let message):
            if message.kind == .problem, session == nil { return .failed(nil, message.text) }
            notice(.line(message.text))
          default: continue
          }
        }
        if isReady, let session, !runner.isRepairing(session) { return ending(runner, session) }
      }
    }
  }

  private static let cancelled =
    "The request was cancelled; what was written so far is kept."

  /// The map of the repository around files, as it would go along with a request.
  package static func map(
    _ surroundings: Surroundings, of files: [RepositoryPath]
  ) async throws -> ContextMap {
    try await RepositoryMap.text(around: files, surroundings)
  }

  /// What there is once edits without a place were asked for again.
  private static func ending(_ runner: Runner, _ id: SessionID) -> Ending {
    do {
      let history = try runner.store.history(of: id)
      guard let round = history.round else { throw RoundProblem.noProposal }
      return .ready(id, files: round.proposal.files.count, unplaced: round.unplaced.count)
    } catch {
      return .failed(id, "\(error)")
    }
  }

  private static func words(_ progress: RequestProgress) -> Notice {
    switch progress {
    case .waiting: .progress(step: "waiting for its turn", text: progress.words)
    case .connecting: .progress(step: "connecting", text: "connecting")
    case .queued(let ahead):
      .progress(
        step: "waiting for the server",
        text: ahead.map { "queued, \($0) before us" } ?? "waiting for the server")
    case .readingPrompt(let done, let total):
      .progress(step: "reading the prompt", text: "reading the prompt, \(done) of \(total) tokens")
    case .writing(let tokens, let rate):
      .progress(
        step: "writing",
        text: "writing, \(tokens) tokens" + (rate.map { ", \(Int($0.rounded()))/s" } ?? ""))
    case .placing: .progress(step: "placing the edits", text: "placing the edits")
    }
  }
}
