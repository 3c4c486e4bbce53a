// Which files and definitions are near to some files, by who mentions what whom defines.

import Approval

/// Files, with an edge from each that mentions a name to each that defines it.
struct FileGraph: Sendable {
  struct Definition: Hashable, Sendable {
    let path: RepositoryPath
    let name: String
    let line: Int
  }

  private let paths: [RepositoryPath]
  private let tags: [FileTags]
  private let directories: [[UInt8]]
  /// By name, the files that define it, ascending.
  private var definers: [String: [Int]] = [:]
  /// How many files mention a name that is defined.
  private var mentionCounts: [String: Int] = [:]

  /// A name that more files define says little of which is meant.
  private static let mostDefiners = 6
  /// Half: what the chosen files use themselves comes before what everybody uses.
  private static let damping = 0.5
  private static let rounds = 30
  /// Of one file; those that say most.
  private static let mostLeads = 200
  /// How much more a definition in the same directory says.
  private static let nearby = 3.0
  /// What scores less than this part of the best is noise.
  private static let leastShare = 0.02

  /// O(names).
  init(_ files: [RepositoryPath: FileTags]) {
    let sorted = files.sorted { $0.key < $1.key }
    paths = sorted.map(\.key)
    tags = sorted.map(\.value)
    directories = paths.map { path in
      Array(path.bytes[..<(path.bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
    }
    for (index, tags) in tags.enumerated() {
      for name in Set(tags.definitions.map(\.name)) { definers[name, default: []].append(index) }
    }
    definers = definers.filter { $0.value.count <= Self.mostDefiners }
    for tags in tags {
      for name in tags.mentioned where definers[name] != nil {
        mentionCounts[name, default: 0] += 1
      }
    }
  }

  /// How much a name says, when a file mentions it: less the more files define or mention it, and less when it may be a word of a comment.
  private func weight(of name: String) -> Double {
    let definerCount = definers[name]?.count ?? 0
    let mentionCount = mentionCounts[name] ?? 1
    guard definerCount > 0, mentionCount <= max(20, paths.count / 10) else { return 0 }
    return (FileTags.isDistinctive(name) ? 1 : 0.3)
      / (Double(definerCount) * Double(mentionCount).squareRoot())
  }

  private struct Lead {
    let name: String
    let definer: Int
    let weight: Double
  }

  /// The names by which a file leads to others, with those that define them; those that say most.
  private func leads(from file: Int) -> [Lead] {
    var leads: [Lead] = []
    for name in tags[file].mentioned {
      let weight = weight(of: name)
      guard weight > 0 else { continue }
      for definer in definers[name] ?? [] where definer != file {
        let isNear = directories[file] == directories[definer]
        leads.append(
          Lead(name: name, definer: definer, weight: isNear ? weight * Self.nearby : weight))
      }
    }
    guard leads.count > Self.mostLeads else { return leads }
    leads.sort { ($1.weight, $0.name, $0.definer) < ($0.weight, $1.name, $1.definer) }
    return Array(leads.prefix(Self.mostLeads))
  }

  /// The definitions of other files that a reader of `chosen` wants to know, the likeliest first: by personalised PageRank, what each name
  /// passes on. O(rounds × edges).
  ///
  /// - Throws: only `CancellationError`.
  func definitions(near chosen: Set<RepositoryPath>) throws -> [Definition] {
    let starts = paths.indices.filter { chosen.contains(paths[$0]) }
    guard !starts.isEmpty else { return [] }
    let leads = try paths.indices.map {
      try Task.checkCancellation()
      return self.leads(from: $0)
    }
    let sums = leads.map { $0.reduce(0) { $0 + $1.weight } }
    let share = 1 / Double(starts.count)
    var ranks = [Double](repeating: 0, count: paths.count)
    for start in starts { ranks[start] = share }
    for _ in 0..<Self.rounds {
      try Task.checkCancellation()
      var next = [Double](repeating: 0, count: paths.count)
      var lost = 0.0
      for file in paths.indices where ranks[file] > 0 {
        guard sums[file] > 0 else {
          lost += ranks[file]
          continue
        }
        for lead in leads[file] {
          next[lead.definer] += Self.damping * ranks[file] * lead.weight / sums[file]
        }
      }
      for start in starts { next[start] += (1 - Self.damping + Self.damping * lost) * share }
      ranks = next
    }
    var scores: [Definition: Double] = [:]
    for file in paths.indices where ranks[file] > 0 && sums[file] > 0 {
      for lead in leads[file] where !chosen.contains(paths[lead.definer]) {
        // Once in a file, at its first place.
        guard let line = tags[lead.definer].definitions.first(where: { $0.name == lead.name })?.line
        else { continue }
        scores[
          Definition(path: paths[lead.definer], name: lead.name, line: line), default: 0] +=
          ranks[file] * lead.weight / sums[file]
      }
    }
    let least = (scores.values.max() ?? 0) * Self.leastShare
    return scores.filter { $0.value >= least }.sorted {
      ($1.value, $0.key.path, $0.key.line, $0.key.name)
        < ($0.value, $1.key.path, $1.key.line, $1.key.name)
    }.map(\.key)
  }

  /// The files that mention what `chosen` define, with the name that says most; those that mention most first.
  func callers(of chosen: Set<RepositoryPath>) -> [(path: RepositoryPath, name: String)] {
    let names = Set(
      paths.indices.filter { chosen.contains(paths[$0]) }
        .flatMap { tags[$0].definitions.map(\.name) }
    ).filter { definers[$0] != nil }
    var found: [(path: RepositoryPath, name: String, score: Double)] = []
    for file in paths.indices where !chosen.contains(paths[file]) {
      let mentioned = tags[file].mentioned.filter { names.contains($0) }
      let best = mentioned.max { (weight(of: $0), $1) < (weight(of: $1), $0) }
      guard let best else { continue }
      found.append((paths[file], best, mentioned.reduce(0) { $0 + weight(of: $1) }))
    }
    return found.sorted { ($1.score, $0.path) < ($0.score, $1.path) }.map { ($0.path, $0.name) }
  }
}
