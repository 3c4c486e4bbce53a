// Short ways to write changes for the tests of the scanner.

import Scanner

func scanned(
  _ lines: [String], path: String = "src/main.py", removed: [String] = [], old: UInt32? = 0o100644,
  new: UInt32? = 0o100644
) -> [Finding] {
  scan(
    ScannedChange(
      path: Array(path.utf8), oldMode: old, newMode: new, added: numbered(lines),
      removed: numbered(removed)))
}

func numbered(_ lines: [String]) -> [ScannedLine] {
  lines.enumerated().map { ScannedLine(number: $0 + 1, bytes: Array($1.utf8)[...]) }
}

func rules(_ line: String, path: String = "src/main.py") -> Set<String> {
  Set(scanned([line], path: path).map(\.rule))
}
