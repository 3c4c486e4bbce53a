// Carries out effects: requests that wait for their turn, over all windows of the user.

import AuditLog
import Digest
import GitStore
import Glibc
import ModelClient
import Review
import Terminal

extension Runner {
  /// How often the turns are looked at while something waits, and others are told how far an answer is.
  private static let beat = Duration.seconds(1)

  private var repositoryKey: [UInt8] { surroundings.gitCommonDirectory }

  private var limits: [String: Int] {
    Dictionary(endpoints.map { ($0.url, $0.requestLimit) }, uniquingKeysWith: min)
  }

  /// Puts a recorded request in, and sends it when its turn has come.
  func enqueue(_ prepared: PreparedRequest) -> [Event] {
    let start = prepared.start
    // A recording has no server that others wait for.
    if prepared.connection.verdict.level == .replay { return send(prepared) }
    let entry = QueueEntry(
      session: start.id, repository: repositoryKey, checkout: surroundings.repository.workDirectory,
      title: start.title, endpoint: start.endpoint,
      server: endpoints.first { $0.name == start.endpoint }?.url ?? start.endpoint,
      model: start.model, isKept: keepsRequests, owner: queue.owner)
    queue.update { $0.add(entry) }
    // What was found out holds for a request that is sent at once; one that has to wait is looked at again.
    ready[start.id] = prepared
    defer { ready[start.id] = nil }
    return takeTurns()
  }

  /// Whether a question that nobody waits for may go to an endpoint now: nothing of the user's is there or waits for it.
  func hasRoom(at name: String) -> Bool {
    guard let server = endpoints.first(where: { $0.name == name })?.url else { return false }
    return queue.queue.hasRoom(at: server, limit: limits[server] ?? 1)
  }

  /// Counts a question from inside a review: it goes at once, because somebody waits for it, and takes up room at the server all the same.
  func occupy(_ start: SessionStart, _ use: ModelUse) {
    let server = endpoints.first { $0.name == use.endpoint }?.url ?? use.endpoint
    var entry = QueueEntry(
      session: start.id, repository: repositoryKey, checkout: surroundings.repository.workDirectory,
      title: start.title, endpoint: use.endpoint, server: server, model: use.model,
      isKept: false, owner: queue.owner)
    entry.sentAt = Int(time(nil))
    entry.seenAt = Int(time(nil))
    queue.update { $0.add(entry) }
    measures[start.id] = AnswerMeasure(sent: .now, told: .now)
    keepBeat()
  }

  /// Sends what may be sent now, and says of the rest how many are before it.
  func takeTurns() -> [Event] {
    let turns = queue.takeTurns(limits: limits, now: Int(time(nil)))
    // One that runs already was taken when the file could not be written.
    var events = turns.filter { running[$0] == nil }.flatMap { startTurn($0) }
    for entry in queue.queue.entries where entry.isToBeCancelled && entry.owner == queue.owner {
      events += cancelRequest(entry.session)
    }
    if hasOrphans, isAfterFirstFrame, surroundings.replay == nil { mailbox.post(.adoptRequests) }
    let here = queue.queue.entries.filter { $0.repository == repositoryKey }
    for entry in here where !entry.isSent || entry.owner != queue.owner && !entry.isOrphan {
      events.append(.requestProgressed(entry.session, queue.queue.progress(of: entry)))
    }
    let others = Set(here.filter { $0.owner != queue.owner }.map(\.session))
    events += resumeRepairs()
    // What another window was at has come to something: its ledger says what.
    if withOthers != others { events.append(.sessionsListed(store.summaries(asking: asking))) }
    withOthers = others
    let problems = queue.takeProblems() + (surroundings.recording?.takeProblems() ?? [])
    events += problems.map { .noted(StatusMessage(.problem, $0)) }
    if isWatchingQueue { events.append(.queueListed(queuedRequests)) }
    keepBeat()
    return events
  }

  /// Whether the program of a request of this repository has ended meanwhile.
  private var hasOrphans: Bool {
    queue.queue.entries.contains { $0.repository == repositoryKey && $0.isOrphan }
  }

  private func startTurn(_ id: SessionID) -> [Event] {
    let start: SessionStart
    do {
      // The queue's file may name anything.
      guard store.exists(id) else {
        leaveQueue(id)
        return []
      }
      let history = try store.history(of: id)
      // Put away by a command while no window had it.
      guard !history.isDiscarded, !history.isCancelled, history.start.source == .model,
        history.round == nil
      else {
        leaveQueue(id)
        return []
      }
      start = history.start
      if history.isAnswered, let answer = try store.content(id, of: .answer(ask: nil)) {
        // Its program ended while the edits were being placed: nobody is asked for what is there.
        running[id] = start
        return place(id, answer, start)
      }
    } catch {
      return turnFailed(id, "\(error)")
    }
    if let prepared = ready.removeValue(forKey: id) { return send(prepared) }
    let (maker, mailbox) = (maker, mailbox)
    Task {
      do {
        mailbox.post(.turnReady(try await maker.prepareAgain(start)))
      } catch {
        mailbox.post(.turnFailed(id, "\(error)"))
      }
    }
    return [.requestProgressed(id, .connecting)]
  }

  /// The turn of a request that had to wait: what was found out anew goes into the ledger before anything is sent.
  func turnReady(_ prepared: PreparedRequest) -> [Event] {
    let id = prepared.start.id
    // Cancelled meanwhile.
    guard queue.queue[id]?.isSent == true, running[id] == nil else { return [] }
    do {
      try recordSent(id, ask: nil, prepared.start.use)
    } catch {
      return turnFailed(id, "\(error)")
    }
    return send(prepared)
  }

  func turnFailed(_ id: SessionID, _ reason: String) -> [Event] {
    leaveQueue(id)
    return settle(id, failed: reason) + takeTurns()
  }

  private func send(_ prepared: PreparedRequest) -> [Event] {
    let id = prepared.start.id
    let mailbox = mailbox
    do {
      // What an earlier try had written is no part of this answer.
      try store.putAnswerAside(id)
      running[id] = prepared.start
      exchanges[id] = try prepared.connection.stream(prepared.request) { event in
        mailbox.post(.model(id, event))
      }
      sent[id] = prepared
      measures[id] = AnswerMeasure(sent: .now, told: .now)
      return [.requestProgressed(id, .connecting)]
    } catch {
      return turnFailed(id, "\(error)")
    }
  }

  /// The same question without a field that the server does not know is another body: its digest goes into the ledger too.
  ///
  /// - Parameter ask: the number of the question; nil for the first one.
  func recordSentAnew(_ id: SessionID, ask: Int?, _ use: ModelUse) -> [Event] {
    saying {
      try recordSent(id, ask: ask, use)
      return []
    }
  }

  private func recordSent(_ id: SessionID, ask: Int?, _ use: ModelUse) throws {
    let number = ask.map { [(JSONText("ask"), JSONValue.exact($0))] } ?? []
    try store.append(id, kind: "sent", body: .object(JSONObject(use.members + number)))
  }

  /// Takes a request out, whatever became of it.
  func leaveQueue(_ id: SessionID) {
    sent[id] = nil
    measures[id] = nil
    if queue.queue[id] != nil { queue.update { $0.remove(id) } }
  }

  /// The server is free of a request: others may have their turn. The request stays until something has come of it.
  func turnEnded(_ id: SessionID, _ summary: ExchangeSummary?) -> [Event] {
    if let summary, let prepared = sent[id] { learnCount(summary, of: prepared) }
    if let summary, let measure = measures[id], let entry = queue.queue[id],
      let speed = measure.speed(summary)
    {
      queue.update { $0.learn(speed, server: entry.server, model: entry.model) }
    }
    measures[id] = nil
    guard queue.queue[id] != nil else { return [] }
    queue.update { $0.change(id) { $0.progress = .placing } }
    return takeTurns()
  }

  /// Tells other windows how far an answer is, at most once a second.
  func noteProgress(_ id: SessionID, _ progress: RequestProgress) {
    guard var measure = measures[id] else { return }
    if case .writing = progress, measure.firstToken == nil { measure.firstToken = .now }
    if ContinuousClock.now - measure.told >= Self.beat {
      measure.told = .now
      queue.update(isFact: false) { $0.change(id) { $0.progress = progress } }
    }
    measures[id] = measure
  }

  /// Cancels a request that was not sent yet; nil when there is none.
  func cancelWaiting(_ id: SessionID) -> [Event]? {
    guard let entry = queue.queue[id], entry.repository == repositoryKey, exchanges[id] == nil
    else { return nil }
    guard entry.owner == queue.owner || entry.isOrphan else {
      queue.update { $0.change(id) { $0.isToBeCancelled = true } }
      return [.noted(StatusMessage(.note, "Another window has it: it is told to cancel."))]
    }
    // A question from inside a review has its own end; the session's request came to something long ago.
    do {
      if entry.isSent, try store.history(of: id).round != nil {
        return [.noted(StatusMessage(.note, "This is cancelled where it was asked."))]
      }
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
    guard running[id] == nil else {
      return [
        .noted(StatusMessage(.note, "Its answer is there already; its edits are being placed."))
      ]
    }
    let settled = recordAndSettle(id, kind: "cancelled", body: [:], .cancelled)
    leaveQueue(id)
    return settled + takeTurns()
  }

  func changeQueue(_ id: SessionID, _ change: QueueChange) -> [Event] {
    queue.update { queue in
      switch change {
      case .earlier: queue.move(id, earlier: true)
      case .later: queue.move(id, earlier: false)
      case .pause(let isPaused): queue.change(id) { $0.isPaused = isPaused }
      case .priority(let priority): queue.change(id) { $0.priority = priority }
      }
    }
    return takeTurns()
  }

  func watchQueue(_ isWatching: Bool) -> [Event] {
    isWatchingQueue = isWatching
    return isWatching ? takeTurns() : []
  }

  /// Asks anew for what came to nothing, as a session of its own; the old one is put away when the new one is there.
  func retry(_ id: SessionID) -> [Event] {
    do {
      let start = try store.history(of: id).start
      guard start.source == .model, !replacing.values.contains(id) else { return [] }
      queue.refresh()
      guard !queue.isUnknown else {
        return [
          .noted(
            StatusMessage(
              .problem,
              "The queue is another version's, so it is not known whether this waits there already."
            ))
        ]
      }
      guard queue.queue[id] == nil || queue.queue[id]?.isOrphan == true else {
        return [
          .noted(StatusMessage(.note, "It is in the queue of another window.")),
          .sessionsListed(summaries),
        ]
      }
      let address = maker.address(of: start.endpoint)
      guard !start.address.isEmpty, address == start.address else {
        let before = start.address.isEmpty ? "an address that was not recorded" : start.address
        return [
          .noted(
            StatusMessage(
              .problem,
              "\(start.endpoint) was at \(before) and is \(address.map { "at \($0)" } ?? "not known") now: ask with a new request, if it may go there."
            ))
        ]
      }
      ask(
        start.draft, replacing: id)
      return []
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  /// Takes over the requests of this repository whose program has ended.
  func adoptRequests() -> [Event] {
    // Where a recording plays nobody is asked.
    guard surroundings.replay == nil else { return [] }
    let (waiting, cut) = queue.adopt(repositoryKey)
    guard !waiting.isEmpty || !cut.isEmpty else { return takeTurns() }
    for id in waiting {
      // A server that had been found on loopback is looked at again, like every other.
      guard let entry = queue.queue[id], entry.endpoint == entry.server,
        !endpoints.contains(where: { $0.name == entry.endpoint })
      else { continue }
      endpoints.append(EndpointConfiguration(name: entry.endpoint, url: entry.server))
    }
    let events = takeTurns()
    var words: [String] = []
    if !waiting.isEmpty {
      words.append(
        waiting.count == 1
          ? "A request from before goes on." : "\(waiting.count) requests from before go on.")
    }
    if !cut.isEmpty {
      words.append(
        "\(cut.count == 1 ? "An answer was" : "\(cut.count) answers were") cut off when Countersign ended; what was written is kept."
      )
    }
    return [.sessionsListed(summaries), .noted(StatusMessage(.note, words.joined(separator: " ")))]
      + events
  }

  /// At the end of the program: what is being answered is asked anew next time.
  func putBackSent() {
    guard keepsRequests, !running.isEmpty else { return }
    let ids = Set(running.keys)
    queue.update { queue in
      for id in ids { queue.putBack(id) }
    }
  }

  // MARK: Listing

  /// The sessions of this repository, with what is waited for.
  var summaries: [SessionSummary] {
    // Other windows may have put something in, or settled it.
    queue.refresh()
    keepBeat()
    return store.summaries(asking: asking)
  }

  private var asking: [SessionID: RequestProgress] {
    var asking = queue.queue.asking(in: repositoryKey)
    for id in running.keys where asking[id] == nil {
      // A recording is in no queue; of everything else the server is free again while its edits are being placed.
      asking[id] = exchanges[id] == nil ? .placing : .connecting
    }
    return asking
  }

  private var queuedRequests: [QueuedRequest] {
    queue.queue.requests(here: repositoryKey, now: Int(time(nil)))
  }

  func keepBeat() {
    // Whatever it is: others may change or cancel it, and see by our looking that we are there.
    let waits =
      !repairs.isEmpty
      || queue.queue.entries.contains {
        $0.repository == repositoryKey || $0.owner == queue.owner
      }
    guard waits || isWatchingQueue, !isBeatDue else { return }
    isBeatDue = true
    let (mailbox, beat) = (mailbox, Self.beat)
    Task {
      // Only the end of the program could cut it short, and then nobody is left to hear it.
      do { try await Task.sleep(for: beat) } catch {}
      mailbox.post(.queueBeat)
    }
  }

  func beat() -> [Event] {
    isBeatDue = false
    return takeTurns()
  }
}
