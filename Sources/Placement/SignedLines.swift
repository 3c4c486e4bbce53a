// The lines of a hunk, and the numbers in its header.

/// The numbers of `@@ -12,3 +12,4 @@`.
struct HunkHeader {
  /// 0-based.
  let oldStart: Int
  let oldCount: Int
  /// nil when the part for the new side is missing.
  let newCount: Int?

  init?(_ line: ArraySlice<UInt8>) {
    guard line.startsWith("@@ -"), let old = Self.numbers(line.dropFirst(4)) else { return nil }
    oldStart = max(0, old.start - 1)
    oldCount = old.count
    let rest = line.dropFirst(4).drop { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "@") }
    newCount = rest.first == UInt8(ascii: "+") ? Self.numbers(rest.dropFirst())?.count : nil
  }

  private static func numbers(_ text: ArraySlice<UInt8>) -> (start: Int, count: Int)? {
    let digits = text.prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ",") }
    let parts = digits.split(separator: UInt8(ascii: ",")).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    guard let first = parts.first, let start = first else { return nil }
    return (start, (parts.count > 1 ? parts[1] : 1) ?? 1)
  }
}

/// Lines with a blank, `+` or `-` in front.
enum SignedLines {
  case lines(search: [[UInt8]], replacement: [[UInt8]])
  case malformed(MalformedReason)

  /// Splits signed lines into what is quoted and what it becomes; empty lines at the end belong to the text around the patch.
  static func read(_ lines: [[UInt8]]) -> SignedLines {
    var lines = lines[...]
    while lines.last?.isEmpty == true { lines = lines.dropLast() }
    var search: [[UInt8]] = []
    var replacement: [[UInt8]] = []
    for line in lines {
      switch line.first {
      case nil:
        search.append([])
        replacement.append([])
      case UInt8(ascii: " "):
        search.append(Array(line.dropFirst()))
        replacement.append(Array(line.dropFirst()))
      case UInt8(ascii: "-"): search.append(Array(line.dropFirst()))
      case UInt8(ascii: "+"): replacement.append(Array(line.dropFirst()))
      case UInt8(ascii: "\\"): continue
      default: return .malformed(.lineWithoutSign)
      }
    }
    return .lines(search: search, replacement: replacement)
  }

  /// Reads the lines of a new file: all of them are added.
  static func readNewFile(_ lines: [[UInt8]]) -> Edit {
    switch read(lines) {
    case .malformed(let reason): .malformed(reason)
    case .lines(let search, let added):
      search.isEmpty ? .create(added) : .malformed(.quotesInNewFile)
    }
  }
}
