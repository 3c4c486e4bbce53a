// Which files a request should take along besides those that were chosen.

import Approval
import GitStore
import Review

struct FileSuggesting: Sendable {
  let repository: Repository
  let environment: [String: String]

  /// The most files that are proposed.
  private static let most = 8
  /// Of those that define, and of those that use, so many at most.
  private static let mostNear = 3
  /// So often at least files changed together before that says anything.
  private static let fewestChanges = 2

  /// Files for an instruction and what is chosen, the likeliest first, each with its reason.
  ///
  /// Definitions of what the instruction names, tests by name, what defines or uses names of the chosen files (by universal-ctags, where it
  /// is there), what changed together, and what mentions the words that look like identifiers; by the committed state alone.
  ///
  /// - Parameter receive: is given the files first without what takes a look through all contents, which may take long in a large
  ///   repository, and then with it.
  func suggest(
    _ instruction: String, chosen: [RepositoryPath], tracked: [RepositoryPath], tip: ObjectID,
    _ receive: ([FileSuggestion]) -> Void
  ) async throws {
    let mentions = Mentions(in: instruction)
    var first: [FileSuggestion] = []
    for name in mentions.named {
      if let file = Mentions.file(name, among: tracked) {
        first.append(FileSuggestion(path: file, reason: "named"))
        continue
      }
      let symbol = name.split(whereSeparator: { ".:#".contains($0) }).last.map(String.init) ?? name
      for file in try await repository.files(defining: symbol, in: tip) {
        first.append(FileSuggestion(path: file, reason: "defines \(symbol)"))
      }
    }
    for path in chosen {
      for test in TestNames.partners(of: path, among: tracked) {
        first.append(FileSuggestion(path: test, reason: "by name, with \(Self.name(path))"))
      }
    }
    var last: [FileSuggestion] = []
    let together = try await repository.changedTogether(with: chosen, from: tip)
    let living = Set(tracked)
    for (path, count) in together.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
    where count >= Self.fewestChanges && living.contains(path) {
      last.append(FileSuggestion(path: path, reason: "changed \(count) times with them"))
    }
    let words = mentions.identifiers
    let mentioning = try await repository.files(mentioning: words, in: tip)
    for word in words {
      for file in mentioning[word] ?? [] {
        last.append(FileSuggestion(path: file, reason: "mentions \(word)"))
      }
    }
    receive(Self.best(of: first + last, besides: chosen))
    let near = try await near(chosen, tip)
    if !near.isEmpty { receive(Self.best(of: first + near + last, besides: chosen)) }
  }

  /// Each file once, with the reason that stands first.
  private static func best(
    of found: [FileSuggestion], besides chosen: [RepositoryPath]
  ) -> [FileSuggestion] {
    var known = Set(chosen)
    return Array(found.filter { known.insert($0.path).inserted }.prefix(most))
  }

  /// The files that define what the chosen ones use, and those that use what they define, as far as universal-ctags is there.
  private func near(
    _ chosen: [RepositoryPath], _ tip: ObjectID
  ) async throws -> [FileSuggestion] {
    guard !chosen.isEmpty,
      let map = RepositoryMap(repository: repository, environment: environment)
    else { return [] }
    let graph: FileGraph
    do {
      let listing = try await repository.treeListing(of: repository.commitContent(tip).tree)
      graph = try await map.graph(around: chosen, listing)
    } catch is TaggerProblem {
      // Another ctags, without what it takes. Who asks for a map is told so.
      return []
    }
    var found: [FileSuggestion] = []
    for definition in try graph.definitions(near: Set(chosen))
    where found.count < Self.mostNear && !found.contains(where: { $0.path == definition.path }) {
      found.append(
        FileSuggestion(path: definition.path, reason: "defines \(definition.name), which they use"))
    }
    for caller in graph.callers(of: Set(chosen)).prefix(Self.mostNear) {
      found.append(FileSuggestion(path: caller.path, reason: "uses \(caller.name)"))
    }
    return found
  }

  private static func name(_ path: RepositoryPath) -> String {
    String(decoding: path.name, as: UTF8.self)
  }
}
