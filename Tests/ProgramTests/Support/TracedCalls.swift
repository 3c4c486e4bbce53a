// What strace saw of a program: the calls that sync a file, and those that give one its name.

import TerminalHarness

/// A line of strace.
struct TracedCall {
  private let line: String

  /// The calls that were seen to begin, in order.
  static func all(in log: String) throws -> [TracedCall] {
    String(decoding: try readFile(log), as: UTF8.self).split(separator: "\n")
      .map { TracedCall(line: String($0)) }
  }

  /// Whether it syncs a file or directory whose path ends so.
  func syncs(_ end: String) -> Bool { line.contains("sync(") && line.contains("\(end)>") }

  /// Whether it gives a file a path that ends so.
  func names(_ end: String) -> Bool { paths.count == 2 && paths[1].hasSuffix(end) }

  /// Whether one of `calls` syncs the file that this one names, under the name that it had before.
  func isSynced(in calls: ArraySlice<TracedCall>) -> Bool {
    guard let before = paths.first?.split(separator: "/").last else { return false }
    return calls.contains { $0.syncs("/\(before)") }
  }

  /// What stands in quotes: where it renames or links from and to.
  private var paths: [Substring] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
  }
}

extension Scratch {
  /// Opens a session under strace, which writes the calls of `TracedCall` to `log`.
  func tracedTerminal(opening session: String, log: String) throws -> PseudoTerminal {
    try shell(
      "exec strace -f -y -qq -s 4096 -o \(log) "
        + "-e trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat "
        + "\"$countersign\" open \(session)")
  }
}
