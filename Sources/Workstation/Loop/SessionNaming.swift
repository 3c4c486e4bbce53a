// Names for new sessions.

import Glibc
import Review

enum SessionNaming {
  /// `11-23 22:45`: month, day, hour and minute of the local time.
  static func date(_ seconds: Int) -> String {
    var then = time_t(seconds)
    var parts = tm()
    localtime_r(&then, &parts)
    let fields = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min].map {
      $0 < 10 ? "0\($0)" : "\($0)"
    }
    return "\(fields[0])-\(fields[1]) \(fields[2]):\(fields[3])"
  }

  /// A name from the local date and time, and four random digits: sorts by age, safe as file and ref name.
  static func fresh() -> SessionID {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    let fields = [
      Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour),
      Int(parts.tm_min), Int(parts.tm_sec),
    ].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let suffix = String(UInt16.random(in: 0...UInt16.max), radix: 16)
    let name =
      fields[0] + fields[1] + fields[2] + "-" + fields[3] + fields[4] + fields[5] + "-"
      + String(repeating: "0", count: 4 - suffix.utf8.count) + suffix
    guard let id = SessionID(name) else { preconditionFailure("a name of digits and hyphens") }
    return id
  }
}
