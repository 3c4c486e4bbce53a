// The queue on disk: one file of the user, changed under a lock by every Countersign that runs.

package import AuditLog
import Glibc
import Review

/// Why the queue on disk is left alone.
enum QueueProblem: Error, Hashable, CustomStringConvertible {
  case newer(file: [UInt8], schema: String)

  var description: String {
    switch self {
    case .newer(let file, let schema):
      "\(DisplayedBytes.text(of: file)) is of another version (\(DisplayedBytes.text(of: Array(schema.utf8), limit: 40))). Use one version; if no other one runs, move the file away."
    }
  }
}

/// Keeps the user's queue in `<state>/queue.json`.
///
/// Each change reads, changes and replaces the file under a lock of milliseconds, so that several programs agree whose turn it is. The file
/// is a convenience: the sessions' ledgers say what was asked. One that cannot be read is put aside under another name, and said.
package final class QueueStore {
  private let directory: [UInt8]
  private let isAlive: (LockOwner) -> Bool
  /// This process.
  let owner: LockOwner
  /// What the file said when it was read last.
  package private(set) var queue = RequestQueue()
  /// Changes that could not be written yet, in order.
  private var unwritten: [(inout RequestQueue) -> Void] = []
  /// What went wrong with the file since somebody asked, a sentence each. The queue goes on in memory then.
  private var problems: [String] = []
  /// Whether the file is another version's, so that what waits is not known.
  package private(set) var isUnknown = false
  /// How often in a row the file could not be had.
  private var failures = 0
  /// How long the lock is waited for, in milliseconds: a screen waits with it.
  private let patienceMilliseconds: Int
  /// Said once: a full disk would say it every second.
  private var saidProblems: Set<String> = []

  package init(
    stateDirectory: [UInt8], owner: LockOwner = .current(), patienceMilliseconds: Int = 150,
    isAlive: @escaping (LockOwner) -> Bool = { $0.isRunning }
  ) {
    directory = stateDirectory
    self.isAlive = isAlive
    self.owner = owner
    self.patienceMilliseconds = patienceMilliseconds
  }

  private var path: [UInt8] { directory + Array("/queue.json".utf8) }

  /// Changes the queue as it is on the disk now.
  ///
  /// - Parameter isFact: whether it is to be done again once the file can be had, where it cannot now. A decision is no fact: what is
  ///   decided then depends on what the file says then.
  package func update<Value>(
    isFact: Bool = true, _ change: @escaping (inout RequestQueue) -> Value
  ) -> Value {
    do {
      try PrivateDirectory.ensure(directory)
      let lock = try locked()
      var queue = try read()
      queue.findOrphans(now: Int(time(nil)), isAlive: isAlive)
      let before = queue
      for change in unwritten { change(&queue) }
      let value = change(&queue)
      if queue != before { try write(queue) }
      unwritten = []
      failures = 0
      isUnknown = false
      self.queue = queue
      _ = consume lock
      return value
    } catch {
      failures += 1
      isUnknown = error is QueueProblem
      // Once is somebody else's moment with the file; it is done again in a second.
      if failures > 3 || !isLocked(error) {
        noteProblem("The queue of requests cannot be shared with other windows: \(error)")
      }
      // Nothing of it is lost: it is done again on what others will have written meanwhile.
      if isFact { unwritten.append { queue in _ = change(&queue) } }
      return change(&queue)
    }
  }

  /// Reads what is there, changing nothing.
  package func refresh() { update(isFact: false) { _ in } }

  /// Takes what went wrong since it was asked last.
  package func takeProblems() -> [String] {
    defer { problems = [] }
    return problems
  }

  /// Takes what is to be sent now; see `RequestQueue.takeTurns`.
  func takeTurns(limits: [String: Int], now: Int) -> [SessionID] {
    // What others have at a server is not known while the file cannot be had: one at a time then.
    return update(isFact: false) { [owner, weak self] in
      let isShared = self?.failures == 0
      return $0.takeTurns(
        of: owner, limits: isShared ? limits : limits.mapValues { min(1, $0) }, now: now)
    }
  }

  /// Adopts what nobody sends any more; see `RequestQueue.adopt`.
  func adopt(_ repository: [UInt8]) -> (waiting: [SessionID], cut: [SessionID]) {
    update { [owner] in $0.adopt(repository, by: owner) }
  }

  private func noteProblem(_ sentence: String) {
    if saidProblems.insert(sentence).inserted { problems.append(sentence) }
  }

  private func locked() throws -> OpenFile {
    let file = try OpenFile(
      "open the lock", directory + Array("/queue.lock".utf8), flags: O_RDWR | O_CREAT | O_NOFOLLOW,
      mode: 0o600, calls: .system)
    let deadline = ContinuousClock.now + .milliseconds(patienceMilliseconds)
    while true {
      if try file.lockExclusively() { return file }
      // Somebody who was stopped in the middle must not stop us too.
      guard ContinuousClock.now < deadline else { break }
      // Not all in step, or the same one would win again and again.
      _ = poll(nil, 0, Int32.random(in: 1...10))
    }
    throw FileError(
      "lock", directory + Array("/queue.lock".utf8), .system(SystemCallFailure(code: EAGAIN)))
  }

  private func isLocked(_ error: any Error) -> Bool {
    (error as? FileError)?.reason == .system(SystemCallFailure(code: EAGAIN))
  }

  private func read() throws -> RequestQueue {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try OpenFile(
        "read", path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK, calls: .system)
      // A pipe would never end.
      guard try file.status().kind == .regular else {
        throw FileError("read", path, .system(SystemCallFailure(code: EINVAL)))
      }
      bytes = try file.readToEnd()
    } catch {
      if case .system(let failure) = error.reason, failure.code == ENOENT { return RequestQueue() }
      throw error
    }
    let value = try? CanonicalJSON.value(of: bytes)
    if let queue = value.flatMap(RequestQueue.init) { return queue }
    // A newer Countersign runs too: the file is whole, and its own.
    if let schema = value.flatMap(RequestQueue.foreignSchema) {
      throw QueueProblem.newer(file: path, schema: schema)
    }
    try rename(to: path + Array(".unreadable".utf8), from: path)
    noteProblem(
      "The file \(DisplayedBytes.text(of: path)) could not be read and was put aside beside itself; requests that waited in it are in their sessions, to be asked again."
    )
    return RequestQueue()
  }

  private func write(_ queue: RequestQueue) throws {
    let fresh = path + Array(".new".utf8)
    do {
      let file = try OpenFile(
        "keep the queue in", fresh, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(try CanonicalJSON.bytes(of: queue.value) + [UInt8(ascii: "\n")])
    }
    try rename(to: path, from: fresh)
  }

  private func rename(to target: [UInt8], from source: [UInt8]) throws(FileError) {
    let text: ([UInt8]) -> String = { String(decoding: $0, as: UTF8.self) }
    guard Glibc.rename(text(source), text(target)) == 0 else {
      throw FileError("replace", target, .system(SystemCallFailure(code: errno)))
    }
  }
}
