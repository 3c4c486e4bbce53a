// A request in the making: instruction, files, model.

package import Approval

/// A model server that a request can go to, as the ask screen lists it.
package struct EndpointChoice: Hashable, Sendable {
  /// The name in the configuration, or the address when found on loopback.
  package let name: String
  /// Where it is.
  package let address: String
  /// `LOCAL unix`, `LAN 10.0.0.5`, `REPLAY`; or why it is refused.
  package let verdict: String
  package let isUsable: Bool
  package let model: String

  package init(name: String, address: String, verdict: String, isUsable: Bool, model: String) {
    self.name = name
    self.address = address
    self.verdict = verdict
    self.isUsable = isUsable
    self.model = model
  }
}

/// What the prompt will cost, as far as it is known.
package struct PromptBudget: Hashable, Sendable {
  package let tokens: Int
  /// How many tokens a prompt may have here; nil when the server does not tell.
  package let limit: Int?
  /// Whether the server counted; else it is an estimate from bytes.
  package let isExact: Bool

  package init(tokens: Int, limit: Int?, isExact: Bool) {
    self.tokens = tokens
    self.limit = limit
    self.isExact = isExact
  }
}

/// What goes to the model.
package struct RequestDraft: Hashable, Sendable {
  package let instruction: String
  /// Sorted by path.
  package let files: [RepositoryPath]
  package let endpoint: String
  /// What other files define, as it goes into the prompt; empty for none.
  package let map: [UInt8]
  /// The commit that the map's lines are of.
  package let mapCommit: ObjectID?

  package init(
    instruction: String, files: [RepositoryPath], endpoint: String, map: [UInt8] = [],
    mapCommit: ObjectID? = nil
  ) {
    self.map = map
    self.mapCommit = mapCommit
    self.instruction = instruction
    self.files = files
    self.endpoint = endpoint
  }
}

package struct AskState: Sendable {
  package enum Field: Hashable, CaseIterable, Sendable { case instruction, files, model }

  package var field = Field.instruction
  package var instruction: TextField {
    didSet {
      refreshNamed()
      refreshCompletions()
    }
  }
  /// Narrows the list of files.
  package var filter = TextField(isMultiline: false)
  /// All tracked files, sorted; empty until they are listed.
  package var tracked: [RepositoryPath] = [] {
    didSet {
      mentioned = []
      refreshNamed()
      completedName = ""
      refreshCompletions()
    }
  }
  package var chosen: Set<RepositoryPath>
  /// The files that the instruction names behind an `@`: they go along as if they were chosen. Kept in step with `instruction` and `tracked`.
  package private(set) var named: Set<RepositoryPath> = []
  /// Tracked files that the name being typed behind an `@` can become, best first; empty where none is being typed, or it is whole. Kept in
  /// step with `instruction` and `tracked`.
  private var completing: [RepositoryPath] = []
  /// The name that `completing` was found for.
  private var completedName = ""
  /// The names behind an `@` that `named` was found for.
  private var mentioned: [String] = []
  package var fileCursor = 0
  package var endpoints: [EndpointChoice] = []
  package var endpointCursor = 0
  package var isSearching = false
  package var budget: PromptBudget?
  /// Whether a map of the repository goes along.
  package var wantsMap = false {
    didSet { refreshMatches() }
  }
  /// Whether the request is to be sent as soon as its map is there.
  var sendsWithMap = false
  /// What stands here without the files that were dropped because it was too long; what was sent then.
  var shortened: RequestDraft?
  /// The map that was made last.
  package var map: ContextMap? {
    didSet { refreshMatches() }
  }
  /// Files to be added, the likeliest first; never one that goes along.
  package var suggestions: [FileSuggestion] = []
  /// Tracked files that match the filter, best first; kept in step with `filter` and `tracked`.
  package private(set) var matches: [RepositoryPath] = []

  package init(instruction: String = "", chosen: Set<RepositoryPath> = []) {
    self.instruction = TextField(instruction, isMultiline: true)
    self.chosen = chosen
  }

  /// Makes room for another request; the endpoint stays.
  mutating func clear() {
    instruction = TextField(isMultiline: true)
    filter = TextField(isMultiline: false)
    chosen = []
    suggestions = []
    budget = nil
    map = nil
    wantsMap = false
    sendsWithMap = false
    shortened = nil
    fileCursor = 0
    refreshMatches()
  }

  package var endpoint: EndpointChoice? {
    endpoints.indices.contains(endpointCursor) ? endpoints[endpointCursor] : nil
  }

  package var draft: RequestDraft? {
    guard let endpoint else { return nil }
    return RequestDraft(
      instruction: instruction.text, files: goingAlong.sorted(), endpoint: endpoint.name,
      map: mapGoingAlong?.text ?? [],
      mapCommit: mapGoingAlong.flatMap { $0.parts.isEmpty ? nil : $0.commit })
  }

  /// The map, where one is wanted and it is that of the files that go along.
  package var mapGoingAlong: ContextMap? {
    guard wantsMap, let map, map.files == goingAlong.sorted() else { return nil }
    return map
  }

  /// What was chosen, and what the instruction names.
  package var goingAlong: Set<RepositoryPath> { chosen.union(named) }

  /// O(instruction); the tracked files are gone through only when a name behind an `@` changed.
  private mutating func refreshNamed() {
    let mentioned = Mentions(in: instruction.text).named
    guard mentioned != self.mentioned else { return }
    self.mentioned = mentioned
    let named = Set(mentioned.compactMap { Mentions.file($0, among: tracked) })
    guard named != self.named else { return }
    self.named = named
    refreshMatches()
  }

  /// The files that the name being typed can become.
  package var completions: [RepositoryPath] { field == .instruction ? completing : [] }

  /// O(tracked files), and only when the name that is being typed is another one.
  private mutating func refreshCompletions() {
    let word = instruction.wordBeforeCursor
    let name = word.first == "@" ? String(word.dropFirst()) : ""
    guard name != completedName else { return }
    completedName = name
    completing = []
    guard !name.isEmpty, Mentions.file(name, among: tracked) == nil else { return }
    let wanted = Array(name.utf8)
    var found: [(path: RepositoryPath, score: Int)] = []
    for path in tracked {
      // As it stands in the path, not letter by letter: an `@word` may be of the text.
      guard FuzzyMatch.contains(wanted, in: path.bytes),
        let score = FuzzyMatch.score(wanted, in: path.bytes)
      else { continue }
      found.append((path, score))
    }
    completing = found.sorted { ($0.score, $1.path) > ($1.score, $0.path) }
      .lazy.map(\.path).filter { Mentions.canName($0) }.prefix(Self.mostCompletions).map(\.self)
  }

  private static let mostCompletions = 20

  /// Takes the first completion up; returns whether there was one.
  mutating func complete() -> Bool {
    guard let path = completions.first else { return false }
    instruction.replaceWordBeforeCursor(with: "@\(String(decoding: path.bytes, as: UTF8.self)) ")
    return true
  }

  /// The first name behind an `@` that looks like a path and is none, or of several files.
  var unknownName: String? {
    Mentions(in: instruction.text).named.first { name in
      name.contains { "/.".contains($0) } && Mentions.file(name, among: tracked) == nil
    }
  }

  /// Whether several files have that name.
  func isAmbiguous(_ name: String) -> Bool {
    let ending = Array("/\(name)".utf8)
    return tracked.contains { $0.bytes.suffix(ending.count).elementsEqual(ending) }
  }

  package mutating func refreshMatches() {
    let wanted = Array(filter.text.utf8)
    if wanted.isEmpty {
      // What goes along stands first, then what might.
      let along = goingAlong
      let proposed = suggestions.map(\.path).filter { !along.contains($0) }
      let mapped = (mapGoingAlong?.parts ?? []).map(\.path).filter { !along.contains($0) }
      let shown = mapped + proposed.filter { !mapped.contains($0) }
      let known = along.union(shown)
      matches =
        tracked.filter { along.contains($0) } + shown + tracked.filter { !known.contains($0) }
    } else {
      matches =
        tracked.compactMap { path in
          FuzzyMatch.score(wanted, in: path.bytes).map { (path, $0) }
        }
        .sorted { ($0.1, $1.0) > ($1.1, $0.0) }
        .map(\.0)
    }
    fileCursor = min(fileCursor, max(0, matches.count - 1))
  }
}

extension AskState {
  /// Why a file stands here though nobody chose it: the instruction names it, or it is proposed.
  package func reason(for path: RepositoryPath) -> String? {
    if let lines = mapGoingAlong?.parts.first(where: { $0.path == path })?.lines.count {
      return
        "\(lines) line\(lines == 1 ? "" : "s") of it go\(lines == 1 ? "es" : "") along, in the map"
    }
    if chosen.contains(path) { return nil }
    if named.contains(path) { return "named in the instruction" }
    return suggestions.first { $0.path == path }?.reason
  }
}

/// Matching of what was typed against paths, as fuzzy finders do.
package enum FuzzyMatch {
  /// Scores how well `wanted` occurs in `path` as a subsequence, ignoring ASCII case; nil when it does not. Higher is better.
  ///
  /// Letters in a row, at the start of a component and in the file name count more. O(path).
  package static func score(_ wanted: [UInt8], in path: [UInt8]) -> Int? {
    let nameStart = (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    var score = 0
    var next = wanted.startIndex
    var previous = -2
    for (index, byte) in path.enumerated() where next < wanted.endIndex {
      guard lowered(byte) == lowered(wanted[next]) else { continue }
      score += 1
      if index == previous + 1 { score += 4 }
      if index == 0 || path[index - 1] == UInt8(ascii: "/") { score += 3 }
      if index >= nameStart { score += 2 }
      previous = index
      next += 1
    }
    return next == wanted.endIndex ? score * 64 - path.count : nil
  }

  /// Whether `wanted` stands in `path` as it is, ignoring ASCII case. O(path × wanted).
  package static func contains(_ wanted: [UInt8], in path: [UInt8]) -> Bool {
    guard wanted.count <= path.count else { return false }
    return (0...path.count - wanted.count).contains { start in
      wanted.indices.allSatisfy { lowered(path[start + $0]) == lowered(wanted[$0]) }
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
