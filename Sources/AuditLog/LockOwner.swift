// Who holds the lock of a session, so that the error can name them.

import Glibc

/// A process, as written into the lock file of the session it works on.
package struct LockOwner: Hashable, Sendable, CustomStringConvertible {
  package let processIdentifier: Int32
  package let host: String
  /// When the process started, in clock ticks since the machine did; nil where `/proc` is missing.
  ///
  /// With the process identifier it tells a process from a later one of the same number.
  package let startTicks: Int64?

  package init(processIdentifier: Int32, host: String, startTicks: Int64?) {
    self.processIdentifier = processIdentifier
    self.host = host
    self.startTicks = startTicks
  }

  /// This process.
  package static func current() -> LockOwner {
    LockOwner(
      processIdentifier: getpid(), host: currentHost, startTicks: startTicks(of: "self"))
  }

  /// What this host was called when the process asked first. A host without a name is called "localhost".
  private static let currentHost: String = {
    var name = [CChar](repeating: 0, count: 256)
    let hasName = gethostname(&name, name.count - 1) == 0 && name[0] != 0
    let host = String(
      decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return hasName ? host : "localhost"
  }()

  package var description: String {
    "process \(processIdentifier) on \(DisplayedBytes.text(of: host.utf8, limit: 80))"
  }

  // MARK: The content of a lock file

  package var value: JSONValue {
    [
      "host": .text(host), "pid": .integer(Int64(processIdentifier)),
      "start": startTicks.map(JSONValue.integer) ?? .null,
    ]
  }

  /// Returns nil for anything but what `value` gives: the owner may have died while writing.
  init?(reading content: [UInt8]) {
    guard let value = try? CanonicalJSON.value(of: content) else { return nil }
    self.init(value: value)
  }

  /// Returns nil for anything but what `value` gives.
  package init?(value: JSONValue) {
    guard let host = value["host"]?.stringValue,
      let number = value["pid"]?.intValue, let identifier = Int32(exactly: number)
    else { return nil }
    self.init(
      processIdentifier: identifier, host: host,
      startTicks: value["start"]?.intValue.map(Int64.init))
  }

  /// Whether it can be found out whether the process still runs: it is of this host, and says when it started.
  package var isVerifiable: Bool { startTicks != nil && host == Self.currentHost }

  /// Whether the process still runs. One of another host counts as running: nothing here could tell.
  package var isRunning: Bool {
    guard host == Self.currentHost else { return true }
    guard let startTicks else { return kill(processIdentifier, 0) == 0 || errno == EPERM }
    return Self.startTicks(of: "\(processIdentifier)") == startTicks
  }

  /// Field 22 of `/proc/<process>/stat`; the name in field 2 may hold blanks and parentheses. nil when there is no such process.
  private static func startTicks(of process: String) -> Int64? {
    let path = Array("/proc/\(process)/stat".utf8)
    guard
      let file = try? OpenFile("read", path, flags: O_RDONLY, calls: .system),
      let content = try? file.readToEnd(),
      let nameEnd = content.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = content[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19 else { return nil }
    return Int64(String(decoding: fields[19], as: UTF8.self))
  }
}
