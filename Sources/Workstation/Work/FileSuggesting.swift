// Which files a request should take along besides those that were chosen.

import Approval
import GitStore
import Review

struct FileSuggesting: Sendable {
  let repository: Repository

  /// The most files that are proposed.
  private static let most = 8
  /// So often at least files changed together before that says anything.
  private static let fewestChanges = 2

  /// Files for an instruction and what is chosen, the likeliest first, each with its reason.
  ///
  /// Definitions of what the instruction names, tests by name, what changed together, and what mentions the words that look like
  /// identifiers; by the committed state alone.
  func suggestions(
    _ instruction: String, chosen: [RepositoryPath], tracked: [RepositoryPath], tip: ObjectID
  ) async throws -> [FileSuggestion] {
    let mentions = Mentions(in: instruction)
    var found: [FileSuggestion] = []
    var known = Set(chosen)
    func add(_ path: RepositoryPath, _ reason: String) {
      if known.insert(path).inserted { found.append(FileSuggestion(path: path, reason: reason)) }
    }
    for name in mentions.named {
      if let file = Mentions.file(name, among: tracked) {
        add(file, "named")
        continue
      }
      let symbol = name.split(whereSeparator: { ".:#".contains($0) }).last.map(String.init) ?? name
      for file in try await repository.files(defining: symbol, in: tip) {
        add(file, "defines \(symbol)")
      }
    }
    for path in chosen {
      for test in TestNames.partners(of: path, among: tracked) {
        add(test, "by name, with \(Self.name(path))")
      }
    }
    let together = try await repository.changedTogether(with: chosen, from: tip)
    let living = Set(tracked)
    for (path, count) in together.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
    where count >= Self.fewestChanges && living.contains(path) {
      add(path, "changed \(count) times with them")
    }
    let words = mentions.identifiers
    let mentioning = try await repository.files(mentioning: words, in: tip)
    for word in words {
      for file in mentioning[word] ?? [] { add(file, "mentions \(word)") }
    }
    return Array(found.prefix(Self.most))
  }

  private static func name(_ path: RepositoryPath) -> String {
    String(decoding: path.name, as: UTF8.self)
  }
}
