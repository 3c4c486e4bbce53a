// Findings about file modes, symbolic links and submodules.

enum ModeRules {
  private static let regular: UInt32 = 0o100644
  private static let executable: UInt32 = 0o100755
  private static let link: UInt32 = 0o120000
  private static let submodule: UInt32 = 0o160000

  /// Returns the rules that the modes, and the target of a link, set off.
  static func rules(for change: ScannedChange) -> [TextRule] {
    let (old, new) = (change.oldMode, change.newMode)
    if old == submodule || new == submodule { return [.submodule] }
    guard let new else { return [] }
    if new == link {
      let target = change.added.map { Array($0.bytes) }.joined()
      return [escapes(Array(target), from: change.path) ? .escapingLink : .link]
    }
    guard new == regular || new == executable else { return [.unusualMode] }
    if new == executable, old != executable { return [.executable] }
    return old != nil && old != new ? [.modeChange] : []
  }

  /// Whether a link at `path` leads out of the tree, to an absolute place or into a `.git`; an unknown target does.
  static func escapes(_ target: [UInt8], from path: [UInt8]) -> Bool {
    let slash = UInt8(ascii: "/")
    guard let first = target.first, first != slash, first != UInt8(ascii: "\\"),
      first != UInt8(ascii: "~"), !target.contains(0), !target.contains(UInt8(ascii: "\n")),
      !(target.count > 1 && target[1] == UInt8(ascii: ":"))
    else { return true }
    var depth = path.count { $0 == slash }
    let separators: [UInt8] = [slash, UInt8(ascii: "\\")]
    for part in target.split(whereSeparator: { separators.contains($0) }) {
      if part.elementsEqual("..".utf8) {
        depth -= 1
        if depth < 0 { return true }
      } else if !part.elementsEqual(".".utf8) {
        depth += 1
        if part.asciiLowercased.hasPrefix(".git") && !isOrdinaryGitFile(part) { return true }
      }
    }
    return false
  }

  private static func isOrdinaryGitFile(_ name: ArraySlice<UInt8>) -> Bool {
    [".gitignore", ".gitkeep", ".gitattributes", ".github", ".gitlab"].contains(
      name.asciiLowercased)
  }
}

extension ArraySlice<UInt8> {
  var asciiLowercased: String { String(decoding: map(RuleLine.lowered), as: UTF8.self) }
}
