// The queue for screens and commands.

import AuditLog
package import Review

extension RequestQueue {
  /// How far a request is.
  func progress(of entry: QueueEntry) -> RequestProgress {
    entry.isSent
      ? entry.progress ?? .connecting
      : .waiting(ahead: ahead(of: entry.session), isPaused: entry.isPaused)
  }

  /// How far the requests of a repository are; those that were being answered when their program ended are none any more.
  package func asking(in repository: [UInt8]) -> [SessionID: RequestProgress] {
    var asking: [SessionID: RequestProgress] = [:]
    for entry in entries where entry.repository == repository && !(entry.isSent && entry.isOrphan) {
      asking[entry.session] = progress(of: entry)
    }
    return asking
  }

  /// All requests in the order of their turns.
  ///
  /// - Parameters:
  ///   - here: the git common directory of the repository that is open.
  ///   - now: seconds since 1970.
  package func requests(here: [UInt8]?, now: Int) -> [QueuedRequest] {
    ordered.map { entry in
      QueuedRequest(
        session: entry.session, isHere: entry.repository == here, checkout: entry.checkout,
        title: entry.title, endpoint: entry.endpoint, model: entry.model,
        priority: entry.priority, progress: progress(of: entry), isOrphan: entry.isOrphan,
        secondsLeft: secondsLeft(of: entry.session, now: now))
    }
  }
}

/// What `countersign queue` prints.
package enum QueueListing {
  /// A line for each request.
  package static func lines(_ requests: [QueuedRequest]) -> [String] {
    requests.map { request in
      let left = request.secondsLeft.map { ", \(DurationWords.about($0))" } ?? ""
      let orphan = request.isOrphan ? ", goes on when its repository is opened" : ""
      return
        "\(request.session)  \(request.progress.words)\(left)\(orphan)  \(request.endpoint)  \(request.checkout)  \(request.title)"
    }
  }

  /// The list as JSON, schema `countersign.requests/1`.
  package static func json(_ requests: [QueuedRequest]) throws -> [UInt8] {
    let items: [JSONValue] = requests.map { request in
      [
        "session": .text(request.session.text), "checkout": .text(request.checkout),
        "title": .text(request.title), "endpoint": .text(request.endpoint),
        "model": .text(request.model), "priority": .text(request.priority.rawValue),
        "progress": request.progress.value, "orphan": .bool(request.isOrphan),
        "seconds_left": request.secondsLeft.map { .exact($0) } ?? .null,
      ]
    }
    return try CanonicalJSON.bytes(
      of: ["schema": "countersign.requests/1", "requests": .array(items)]) + [UInt8(ascii: "\n")]
  }
}
