// The queue as JSON, schema `countersign.queue/1`.

import AuditLog
import Review

extension RequestQueue {
  private static let family = "countersign.queue/"
  private static let schema = family + "1"

  var value: JSONValue {
    [
      "schema": .text(Self.schema), "requests": .array(entries.map(\.value)),
      "speeds": .array(
        speeds.sorted { $0.key < $1.key }.map { key, speed in
          [
            "model": .text(key),
            "milliseconds_to_first": .exact(Self.thousandths(speed.secondsToFirst)),
            "tokens": .exact(Int(speed.answerTokens.rounded())),
            "millitokens_per_second": .exact(Self.thousandths(speed.tokensPerSecond)),
          ]
        }),
      "counts": .array(
        counts.sorted { $0.key < $1.key }.map { key, count in
          [
            "model": .text(key), "tokens": .exact(count.tokens), "bytes": .exact(count.byteCount),
            "limit": count.limit.map { .exact($0) } ?? .null,
          ]
        }),
    ]
  }

  /// The schema of a queue that another version wrote; nil for ours and for what is no queue.
  static func foreignSchema(_ value: JSONValue) -> String? {
    value["schema"]?.stringValue.flatMap { $0.hasPrefix(family) && $0 != schema ? $0 : nil }
  }

  /// Reads what `value` gives; nil for anything else.
  init?(_ value: JSONValue) {
    guard value["schema"]?.stringValue == Self.schema,
      let requests = value["requests"]?.arrayValue, let speeds = value["speeds"]?.arrayValue
    else { return nil }
    var entries: [QueueEntry] = []
    for request in requests {
      guard let entry = QueueEntry(request) else { return nil }
      entries.append(entry)
    }
    var known: [String: AnswerSpeed] = [:]
    for speed in speeds {
      guard let key = speed["model"]?.stringValue,
        let first = speed["milliseconds_to_first"]?.intValue,
        let tokens = speed["tokens"]?.intValue,
        let rate = speed["millitokens_per_second"]?.intValue
      else { return nil }
      known[key] = AnswerSpeed(
        tokensPerSecond: Double(rate) / 1000, answerTokens: Double(tokens),
        secondsToFirst: Double(first) / 1000)
    }
    // Queues of before have none.
    var counts: [String: PromptCount] = [:]
    for count in value["counts"]?.arrayValue ?? [] {
      guard let key = count["model"]?.stringValue, let tokens = count["tokens"]?.intValue,
        let bytes = count["bytes"]?.intValue, tokens > 0, bytes > 0
      else { return nil }
      counts[key] = PromptCount(
        tokens: tokens, byteCount: bytes, limit: count["limit"]?.intValue)
    }
    self.init(entries: entries, speeds: known, counts: counts)
  }

  private static func thousandths(_ number: Double) -> Int {
    Int((min(1e9, max(0, number)) * 1000).rounded())
  }
}

extension QueueEntry {
  fileprivate var value: JSONValue {
    [
      "session": .text(session.text), "repository": .bytes(repository),
      "checkout": .text(checkout), "title": .text(title), "endpoint": .text(endpoint),
      "server": .text(server), "model": .text(model),
      "priority": .text(priority.rawValue), "paused": .bool(isPaused),
      "kept": .bool(isKept), "cut": .exact(cutCount),
      "sent": sentAt.map { .exact($0) } ?? .null, "progress": progress?.value ?? .null,
      "owner": owner.value, "seen": .exact(seenAt), "cancel": .bool(isToBeCancelled),
    ]
  }

  fileprivate init?(_ value: JSONValue) {
    guard let session = value["session"]?.stringValue.flatMap(SessionID.init),
      let repository = value["repository"]?.bytesValue,
      let checkout = value["checkout"]?.stringValue, let title = value["title"]?.stringValue,
      let endpoint = value["endpoint"]?.stringValue, let server = value["server"]?.stringValue,
      let model = value["model"]?.stringValue,
      let priority = value["priority"]?.stringValue.flatMap(QueuePriority.init),
      let isPaused = value["paused"]?.boolValue, let isKept = value["kept"]?.boolValue,
      let cutCount = value["cut"]?.intValue, let sent = value["sent"],
      let owner = value["owner"].flatMap(LockOwner.init(value:)),
      let seen = value["seen"]?.intValue, let isToBeCancelled = value["cancel"]?.boolValue
    else { return nil }
    self.init(
      session: session, repository: repository, checkout: checkout, title: title,
      endpoint: endpoint, server: server, model: model, priority: priority,
      isPaused: isPaused, isKept: isKept, cutCount: cutCount, sentAt: sent.intValue,
      progress: value["progress"].flatMap(RequestProgress.init), owner: owner, seenAt: seen,
      isToBeCancelled: isToBeCancelled)
  }
}

extension RequestProgress {
  /// In the words of the `queue` command's JSON.
  var value: JSONValue {
    switch self {
    case .waiting(let ahead, let isPaused):
      ["state": .text(isPaused ? "paused" : "waiting"), "ahead": .exact(ahead)]
    case .connecting: ["state": "connecting"]
    case .queued(let ahead):
      ["state": "queued", "ahead": ahead.map { .exact($0) } ?? .null]
    case .readingPrompt(let done, let total):
      ["state": "reading", "done": .exact(done), "total": .exact(total)]
    case .writing(let tokens, let rate):
      [
        "state": "writing", "tokens": .exact(tokens),
        "per_second": rate.map { .exact(Int($0.rounded())) } ?? .null,
      ]
    case .placing: ["state": "placing"]
    }
  }

  init?(_ value: JSONValue) {
    switch value["state"]?.stringValue {
    case "connecting": self = .connecting
    case "queued": self = .queued(ahead: value["ahead"]?.intValue.map(Self.sane))
    case "reading":
      guard let done = value["done"]?.intValue.map(Self.sane),
        let total = value["total"]?.intValue.map(Self.sane)
      else { return nil }
      self = .readingPrompt(processed: done, total: total)
    case "writing":
      guard let tokens = value["tokens"]?.intValue.map(Self.sane) else { return nil }
      self = .writing(
        tokens: tokens, tokensPerSecond: value["per_second"]?.intValue.map { Double(Self.sane($0)) }
      )
    case "placing": self = .placing
    default: return nil
    }
  }

  /// The file is the user's, and anything may have written to it.
  private static func sane(_ number: Int) -> Int { min(max(0, number), 1 << 40) }
}
