// Whose turn it is: the queue as a value, and its file under several programs at once.

import TestSupport
import AuditLog
import Glibc
import Review
import Testing

@testable import Workstation

private func process(_ number: Int32) -> LockOwner {
  LockOwner(processIdentifier: number, host: LockOwner.current().host, startTicks: 1)
}

private func session(_ name: String) -> SessionID { SessionID(name)! }

private func entry(
  _ name: String, server: String = "s", owner: LockOwner = process(1),
  repository: String = "/r/.git", isKept: Bool = true
) -> QueueEntry {
  QueueEntry(
    session: session(name), repository: Array(repository.utf8), checkout: "/r", title: name,
    endpoint: "e", server: server, model: "m", isKept: isKept, owner: owner,
    seenAt: 1000)
}

private func queue(_ names: String...) -> RequestQueue {
  var queue = RequestQueue()
  for name in names { queue.add(entry(name)) }
  return queue
}

extension RequestQueue {
  fileprivate var names: [String] { ordered.map(\.title) }

  fileprivate mutating func turns(
    _ owner: LockOwner = process(1), limit: Int = 1, now: Int = 1000
  ) -> [String] {
    takeTurns(of: owner, limits: ["s": limit], now: now).map(\.text)
  }
}

struct RequestQueueTests {
  @Test func `requests have their turn in the order they were put in, as many as the limit says`() {
    var queue = queue("a", "b", "c")
    #expect(queue.turns() == ["a"])
    #expect(queue.turns() == [])
    queue.remove(session("a"))
    #expect(queue.turns(limit: 2) == ["b", "c"])
  }

  @Test func `each server has a limit of its own`() {
    var queue = queue("a", "b")
    queue.add(entry("c", server: "t"))
    #expect(
      queue.takeTurns(of: process(1), limits: ["s": 1, "t": 1], now: 1000).map(\.text) == [
        "a", "c",
      ])
  }

  @Test func `a higher priority comes first, and moving takes the other's priority`() {
    var queue = queue("a", "b", "c")
    queue.change(session("c")) { $0.priority = .high }
    queue.change(session("a")) { $0.priority = .low }
    #expect(queue.names == ["c", "b", "a"])
    queue.move(session("a"), earlier: true)
    #expect(queue.names == ["c", "a", "b"])
    #expect(queue[session("a")]?.priority == .normal)
    queue.move(session("a"), earlier: true)
    #expect(queue.names == ["a", "c", "b"])
    queue.move(session("a"), earlier: true)
    queue.move(session("b"), earlier: false)
    #expect(queue.names == ["a", "c", "b"])
  }

  @Test func `what is held back lets others pass`() {
    var queue = queue("a", "b")
    queue.change(session("a")) { $0.isPaused = true }
    #expect(queue.turns() == ["b"])
    #expect(queue.ahead(of: session("a")) == 1)
    queue.remove(session("b"))
    #expect(queue.turns() == [])
    queue.change(session("a")) { $0.isPaused = false }
    #expect(queue.turns() == ["a"])
  }

  @Test func `another program's requests use up turns, but are sent by that one`() {
    var queue = RequestQueue()
    queue.add(entry("theirs", owner: process(2)))
    queue.add(entry("ours"))
    #expect(queue.turns() == [])
    #expect(queue.turns(process(2)) == ["theirs"])
    #expect(queue.turns() == [])
    queue.remove(session("theirs"))
    #expect(queue.turns() == ["ours"])
  }

  @Test func `turns are not kept for a program that was stopped`() {
    var queue = RequestQueue()
    queue.add(entry("theirs", owner: process(2)))
    queue.add(entry("ours"))
    #expect(queue.turns(now: 1010) == [])
    #expect(queue.turns(now: 1011) == ["ours"])
    queue.remove(session("ours"))
    // It is back, and looks at its turns.
    #expect(queue.turns(process(2), now: 2000) == ["theirs"])
    #expect(queue[session("theirs")]?.seenAt == 2000)
  }

  @Test func `a program that cannot be looked at counts as ended once it is silent`() {
    var queue = RequestQueue()
    queue.add(
      entry(
        "elsewhere", owner: LockOwner(processIdentifier: 7, host: "another", startTicks: 1)))
    queue.add(
      entry("crafted", owner: LockOwner(processIdentifier: 1, host: "h", startTicks: nil)))
    queue.findOrphans(now: 1050) { _ in true }
    #expect(queue.entries.allSatisfy { !$0.isOrphan })
    queue.findOrphans(now: 1061) { _ in true }
    #expect(queue.entries.allSatisfy { $0.isOrphan })
  }

  @Test func `a server that the configuration does not know gets one at a time`() {
    var queue = RequestQueue()
    queue.add(entry("a", server: "gone"))
    queue.add(entry("b", server: "gone"))
    #expect(queue.takeTurns(of: process(1), limits: [:], now: 1000).map(\.text) == ["a"])
    #expect(queue.takeTurns(of: process(1), limits: [:], now: 1000) == [])
  }

  @Test func `numbers that no model has neither crash nor count`() throws {
    var queue = RequestQueue()
    for index in 0..<120 { queue.add(entry("n\(index)")) }
    queue.learn(
      AnswerSpeed(tokensPerSecond: 0, answerTokens: 9e15, secondsToFirst: 9e9), server: "s",
      model: "m")
    queue.learn(PromptCount(tokens: 700, byteCount: 2_000, limit: 900), server: "s", model: "")
    queue.learn(PromptCount(tokens: 70, byteCount: 2_000, limit: nil), server: "t", model: "m")
    let bytes = try CanonicalJSON.bytes(of: queue.value)
    let read = try #require(RequestQueue(try CanonicalJSON.value(of: bytes)))
    let left = try #require(read.secondsLeft(of: session("n119"), now: 0))
    #expect(left <= 10_000_000)
    let huge = JSONValue.integer(JSONValue.integerRange.upperBound)
    let progress = try #require(
      RequestProgress(["state": "reading", "done": huge, "total": 1]))
    #expect(progress.words.contains("%"))
  }

  @Test func `an answer whose edits are being placed takes up no room at the server`() {
    var queue = queue("a", "b")
    #expect(queue.turns() == ["a"])
    queue.change(session("a")) { $0.progress = .placing }
    #expect(queue.turns() == ["b"])
  }

  @Test func `what a program that ended had sent blocks nobody`() {
    var queue = RequestQueue()
    queue.add(entry("theirs", owner: process(2)))
    #expect(queue.turns(process(2)) == ["theirs"])
    queue.add(entry("ours"))
    queue.findOrphans(now: 1000) { $0 != process(2) }
    #expect(queue.ahead(of: session("ours")) == 0)
    #expect(queue.turns() == ["ours"])
  }

  @Test func `the requests of a program that ended are taken over where they were`() {
    var queue = RequestQueue()
    for name in ["sent", "paused", "later"] { queue.add(entry(name, owner: process(2))) }
    queue.add(entry("elsewhere", owner: process(2), repository: "/other/.git"))
    queue.add(entry("command", owner: process(2), isKept: false))
    queue.change(session("paused")) { $0.isPaused = true }
    #expect(queue.turns(process(2)) == ["sent"])
    queue.findOrphans(now: 1000) { $0 != process(2) }
    let (waiting, cut) = queue.adopt(Array("/r/.git".utf8), by: process(1))
    #expect(waiting.map(\.text) == ["sent", "paused", "later"])
    #expect(cut == [])
    #expect(queue.names == ["sent", "paused", "later", "elsewhere"])
    #expect(queue.turns(limit: 9) == ["sent", "later"])
  }

  @Test func `an answer that is cut off again and again is given up`() {
    var queue = queue("a")
    for round in 1...3 {
      #expect(queue.turns() == ["a"])
      queue.findOrphans(now: 1000) { _ in false }
      let (waiting, cut) = queue.adopt(Array("/r/.git".utf8), by: process(1))
      #expect((waiting.isEmpty, cut.isEmpty) == (round == 3, round < 3))
    }
  }

  @Test func `never are more at a server than the limit, whoever asks and whatever is changed`() {
    var random = SeededRandom(11)
    for _ in 0..<300 {
      var queue = RequestQueue()
      var count = 0
      for _ in 0..<60 {
        let any = queue.entries.randomElement(using: &random)?.session
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
          count += 1
          queue.add(entry("n\(count)", owner: process(Int32.random(in: 1...3, using: &random))))
        case 2: if let any { queue.remove(any) }
        case 3: if let any { queue.move(any, earlier: Bool.random(using: &random)) }
        case 4: if let any { queue.change(any) { $0.isPaused.toggle() } }
        case 5: if let any { queue.change(any) { $0.priority = .high } }
        default:
          let owner = process(Int32.random(in: 1...3, using: &random))
          for taken in queue.turns(owner, limit: 2) {
            #expect(queue[session(taken)]?.owner == owner)
          }
        }
        #expect(queue.entries.count(where: \.isSent) <= 2)
        #expect(queue.ordered.count == queue.entries.count)
      }
    }
  }

  @Test func `the forecast adds up what is before a request, by what was measured`() {
    var queue = queue("a", "b")
    #expect(queue.turns(now: 100) == ["a"])
    #expect(queue.secondsLeft(of: session("b"), now: 100) == nil)
    queue.learn(
      AnswerSpeed(tokensPerSecond: 10, answerTokens: 100, secondsToFirst: 5), server: "s",
      model: "m")
    #expect(queue.secondsLeft(of: session("a"), now: 100) == 15)
    #expect(queue.secondsLeft(of: session("a"), now: 110) == 5)
    #expect(queue.secondsLeft(of: session("b"), now: 110) == 20)
    queue.change(session("a")) { $0.progress = .writing(tokens: 50, tokensPerSecond: 25) }
    #expect(queue.secondsLeft(of: session("a"), now: 110) == 2)
    queue.change(session("b")) { $0.isPaused = true }
    #expect(queue.secondsLeft(of: session("b"), now: 110) == nil)
    queue.learn(
      AnswerSpeed(tokensPerSecond: 20, answerTokens: 100, secondsToFirst: 5), server: "s",
      model: "m")
    #expect(queue.speeds.values.first?.tokensPerSecond == 13)
  }

  @Test func `it reads what it writes, and nothing else`() throws {
    var queue = queue("a", "b", "c")
    _ = queue.turns()
    queue.change(session("a")) { $0.progress = .writing(tokens: 5, tokensPerSecond: 7) }
    queue.change(session("b")) {
      $0.priority = .high
      $0.isPaused = true
    }
    queue.learn(
      AnswerSpeed(tokensPerSecond: 10.5, answerTokens: 100, secondsToFirst: 0.25), server: "s",
      model: "m")
    let bytes = try CanonicalJSON.bytes(of: queue.value)
    #expect(RequestQueue(try CanonicalJSON.value(of: bytes)) == queue)
    #expect(RequestQueue(["schema": "countersign.queue/2", "requests": [], "speeds": []]) == nil)
    // Of before counts were kept.
    #expect(RequestQueue(["schema": "countersign.queue/1", "requests": [], "speeds": []]) != nil)
    #expect(
      RequestQueue(["schema": "countersign.queue/1", "requests": [[:]], "speeds": []]) == nil)
  }
}

struct QueueStoreTests {
  private let scratch = Scratch()
  private var directory: String { String(decoding: scratch.path, as: UTF8.self) }

  private func store(_ owner: LockOwner, below name: String = ".") -> QueueStore {
    QueueStore(
      stateDirectory: scratch.path(name), owner: owner, patienceMilliseconds: 10_000
    ) { _ in true }
  }

  @Test func `programs that change the queue at the same time lose nothing and exceed no limit`()
    async
  {
    let directory = directory
    let taken = await withTaskGroup(of: [SessionID].self) { group in
      for number in 1...4 as ClosedRange<Int32> {
        group.addTask { @Sendable in Self.work(in: directory, as: number) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    let store = store(process(9))
    store.refresh()
    #expect(store.queue.entries.count == 40)
    #expect(taken.count == 3)
    #expect(store.queue.entries.count(where: \.isSent) == 3)
    var status = stat()
    #expect(stat("\(directory)/queue.json", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  /// Puts requests in and takes turns, as a program does; returns the turns.
  private static func work(in directory: String, as number: Int32) -> [SessionID] {
    let store = QueueStore(
      stateDirectory: Array(directory.utf8), owner: process(number), patienceMilliseconds: 60_000
    ) { _ in
      true
    }
    var taken: [SessionID] = []
    for index in 0..<10 {
      store.update { $0.add(entry("p\(number)-\(index)", owner: process(number))) }
      taken += store.takeTurns(limits: ["s": 3], now: 0)
    }
    #expect(store.takeProblems() == [])
    return taken
  }

  @Test func `the file of another version is left as it is, and the queue goes on in memory`() {
    let newer = Array(#"{"requests":[],"schema":"countersign.queue/2"}"#.utf8)
    scratch.write(newer, to: "queue.json")
    let ours = store(process(1))
    for _ in 0..<5 { ours.refresh() }
    ours.update { $0.add(entry("a")) }
    #expect(ours.queue.entries.map(\.title) == ["a"])
    let problems = ours.takeProblems()
    #expect(problems.count == 1 && problems[0].contains("another version"))
    #expect(scratch.content("queue.json") == newer)
    #expect(access("\(directory)/queue.json.unreadable", F_OK) != 0)
  }

  @Test func `a file that cannot be read is put aside and said, and the queue goes on`() throws {
    let ours = store(process(1))
    ours.update { $0.add(entry("a")) }
    #expect(truncate("\(directory)/queue.json", 20) == 0)
    ours.update { $0.add(entry("b")) }
    #expect(ours.queue.entries.map(\.title) == ["b"])
    let problems = ours.takeProblems()
    #expect(problems.count == 1 && problems[0].contains("put aside"))
    #expect(access("\(directory)/queue.json.unreadable", F_OK) == 0)
  }

  @Test func `a pipe in the file's place is an error and not a wait`() {
    #expect(mkfifo("\(directory)/queue.json", 0o600) == 0)
    let ours = store(process(1))
    ours.update { $0.add(entry("a")) }
    #expect(ours.takeProblems().count == 1)
  }

  @Test func `without its directory the queue is kept in memory, and that is said once`() {
    scratch.write([], to: "a file")
    let ours = store(process(1), below: "a file")
    ours.update { $0.add(entry("a")) }
    #expect(ours.takeTurns(limits: ["s": 1], now: 0).map(\.text) == ["a"])
    #expect(ours.takeProblems().count == 1)
    ours.refresh()
    #expect(ours.queue.entries.count == 1)
    #expect(ours.takeProblems() == [])
  }

  @Test func `what cannot be written is written once it can be, on top of what others wrote`() {
    let (ours, theirs) = (store(process(1)), store(process(2)))
    ours.update { $0.add(entry("a")) }
    #expect(
      chmod(directory, 0o700) == 0 && rename("\(directory)/queue.lock", "\(directory)/x") == 0)
    // A directory in the lock's place: it cannot be opened.
    #expect(mkdir("\(directory)/queue.lock", 0o700) == 0)
    ours.update { $0.add(entry("b")) }
    #expect(ours.queue.entries.map(\.title) == ["a", "b"])
    #expect(ours.takeProblems().count == 1)
    #expect(rmdir("\(directory)/queue.lock") == 0)
    theirs.update { $0.add(entry("c", owner: process(2))) }
    ours.update { $0.remove(session("a")) }
    theirs.refresh()
    #expect(theirs.queue.entries.map(\.title) == ["c", "b"])
  }

  @Test func `this process runs, and one that ended does not`() throws {
    #expect(LockOwner.current().isRunning)
    let here = LockOwner.current()
    #expect(
      !LockOwner(processIdentifier: here.processIdentifier, host: here.host, startTicks: 1)
        .isRunning)
    #expect(!LockOwner(processIdentifier: 4_000_000, host: here.host, startTicks: 1).isRunning)
    #expect(LockOwner(processIdentifier: 4_000_000, host: "elsewhere", startTicks: 1).isRunning)
  }
}
