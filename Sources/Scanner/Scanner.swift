// Scans one path's change and returns what a reviewer should be told; the only entry of this module.

/// The rules made ready once.
private struct Rulebook: Sendable {
  let automaton: KeywordAutomaton
  let keywordLengths: [Int]
  /// For every keyword, the indexes of the rules that have it.
  let rules: [[Int]]

  static let shared = Rulebook()

  private init() {
    var indexes: [String: Int] = [:]
    var keywords: [String] = []
    var rules: [[Int]] = []
    for (rule, definition) in RuleTable.lineRules.enumerated() {
      for keyword in definition.keywords {
        if let known = indexes[keyword] {
          rules[known].append(rule)
        } else {
          indexes[keyword] = keywords.count
          keywords.append(keyword)
          rules.append([rule])
        }
      }
    }
    self.rules = rules
    keywordLengths = keywords.map(\.utf8.count)
    automaton = KeywordAutomaton(keywords)
  }
}

/// Returns the findings of a change, those about the file first and then by line.
///
/// A rule is found once on a line. No finding says that a change is good: the scanner only points. O(bytes) of the added lines, about
/// 10 ms for each megabyte in a release build.
package func scan(_ change: ScannedChange) -> [Finding] {
  var findings: [Finding] = []
  let path = RulePath(change.path)
  func report(_ rule: TextRule, line: Int? = nil) {
    findings.append(
      Finding(
        rule: rule.id, severity: rule.severity, path: change.path, line: line,
        sentence: rule.sentence))
  }

  for kind in ProtectedPath.kinds(of: path) {
    findings.append(
      Finding(
        rule: kind.id, severity: .warn, path: change.path, line: nil, sentence: kind.sentence))
  }
  if let rule = TextHazards.rule(forPath: change.path) { report(rule) }
  for rule in ModeRules.rules(for: change) { report(rule) }
  for rule in TestRules.rules(for: change, path: path) { report(rule) }

  let language = Languages.of(path)
  let isTest = TestRules.isTestPath(path)
  let knownHosts = hosts(in: change.removed, language)
  let normalised = NormalisedLines(change.removed)
  let rulebook = Rulebook.shared
  var hits: [KeywordAutomaton.Hit] = []
  for line in change.added {
    let content = line.content
    let hazards = TextHazards.of(content, isFirstLine: line.number == 0)
    if !hazards.isEmpty {
      for (hazard, rule) in TextHazards.table where hazards.contains(hazard) {
        report(rule, line: line.number)
      }
    }
    if content.count > 5_000 {
      report(.veryLongLine, line: line.number)
    } else if content.count > 500 {
      report(.longLine, line: line.number)
    }
    // Rules of code look around on their line; a line of this length is class block already and nobody's code.
    guard content.count <= 20_000 else { continue }
    if let rule = BlobRules.rule(for: content, language: language) {
      report(rule, line: line.number)
    }
    if normalised.hasTwin(of: content) { report(.normalisation, line: line.number) }

    hits.removeAll(keepingCapacity: true)
    rulebook.automaton.find(in: content, into: &hits)
    guard !hits.isEmpty else { continue }
    let ruleLine = RuleLine(content, language: language, isTest: isTest, knownHosts: knownHosts)
    var found: Set<Int> = []
    // A line of one keyword a thousand times is not worth a thousand looks.
    for hit in hits.prefix(200) {
      let end = hit.end - content.startIndex
      let keyword = end - rulebook.keywordLengths[hit.keyword]..<end
      for index in rulebook.rules[hit.keyword] where !found.contains(index) {
        let rule = RuleTable.lineRules[index]
        guard rule.matches(ruleLine, keyword: keyword) else { continue }
        found.insert(index)
        findings.append(
          Finding(
            rule: rule.id, severity: rule.severity, path: change.path, line: line.number,
            sentence: rule.sentence))
      }
    }
  }
  return findings
}

private func hosts(in lines: [ScannedLine], _ language: Languages) -> Set<String> {
  var hosts: Set<String> = []
  for line in lines {
    let content = line.content
    guard content.contains(UInt8(ascii: "/")), content.contains(UInt8(ascii: ":")) else { continue }
    let ruleLine = RuleLine(content, language: language, isTest: false)
    for index in ruleLine.lower.indices where ruleLine.lower[index...].starts(with: "://".utf8) {
      if let host = LineShapes.host(ruleLine, after: index + 3) { hosts.insert(host) }
    }
  }
  return hosts
}

/// The removed lines under canonical equivalence, to which Swift's `String` compares.
private struct NormalisedLines {
  private var lines: [String: Set<[UInt8]>] = [:]

  init(_ removed: [ScannedLine]) {
    for line in removed where line.content.contains(where: { $0 >= 0x80 }) {
      let content = line.content
      lines[String(decoding: content, as: UTF8.self), default: []].insert(Array(content))
    }
  }

  /// Whether a removed line is canonically equivalent to this one, and none is equal.
  func hasTwin(of line: ArraySlice<UInt8>) -> Bool {
    guard !lines.isEmpty, line.contains(where: { $0 >= 0x80 }) else { return false }
    guard let twins = lines[String(decoding: line, as: UTF8.self)] else { return false }
    return !twins.contains(Array(line))
  }
}
