// What attributes do to touched paths: refused where it would make the commit differ from what was approved.

package import Approval

extension Repository {
  /// Refuses content filters, encodings and line-ending conversion on `paths`.
  ///
  /// Attributes come from the index of the git directory in `variables` when that is given, else from the files in `directory`.
  func checkAttributes(
    of paths: [RepositoryPath], in directory: String, variables: [String: String],
    holdsCarriageReturn: Set<RepositoryPath>
  ) async throws(GitError) {
    let configuration = try await currentConfiguration()
    let attributes = ["filter", "working-tree-encoding", "ident", "text", "eol"]
    for (path, name, value) in try await values(
      of: attributes, for: paths, in: directory, variables: variables)
    {
      let feature: UnsupportedFeature? =
        switch name {
        case "filter":
          configuration.hasFilter(value, ["clean", "smudge", "process"]) ? .filter : nil
        case "working-tree-encoding": .workingTreeEncoding
        case "ident": .ident
        case "text" where value == "auto": nil
        case "text", "eol": holdsCarriageReturn.contains(path) ? .lineEndings : nil
        default: nil
        }
      if let feature { throw .unsupported(feature, detail: quoted(path)) }
    }
  }

  /// The names of the filters of the configuration that git runs when it takes in one of these files of the checkout, sorted.
  package func cleanFilters(of paths: [RepositoryPath]) async throws(GitError) -> [String] {
    let configuration = try await currentConfiguration()
    guard configuration.values.keys.contains(where: { $0.hasPrefix("filter.") }) else { return [] }
    let values = try await values(of: ["filter"], for: paths, in: workDirectory, variables: [:])
    return Set(values.map(\.value)).filter { configuration.hasFilter($0, ["clean", "process"]) }
      .sorted()
  }

  /// What is set of these attributes, path by path.
  private func values(
    of attributes: [String], for paths: [RepositoryPath], in directory: String,
    variables: [String: String]
  ) async throws(GitError) -> [(path: RepositoryPath, name: String, value: String)] {
    let source = variables.isEmpty ? [] : ["--cached"]
    var program = git.program(
      ["check-attr", "-z", "--stdin"] + source + attributes, in: directory, .quiet,
      setting: variables)
    program.input = paths.flatMap { $0.bytes + [0] }
    let fields = try await git.output(of: program).split(
      separator: 0, omittingEmptySubsequences: false)
    return stride(from: 0, to: fields.count - 2, by: 3).compactMap { start in
      let value = String(decoding: fields[start + 2], as: UTF8.self)
      guard value != "unspecified", value != "unset" else { return nil }
      return (
        RepositoryPath(fields[start]), String(decoding: fields[start + 1], as: UTF8.self), value
      )
    }
  }
}

extension GitConfiguration {
  fileprivate func hasFilter(_ name: String, _ commands: [String]) -> Bool {
    commands.contains { self["filter.\(name).\($0)"] != nil }
  }
}
