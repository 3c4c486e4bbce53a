// What attributes do to touched paths: refused where it would make the commit differ from what was approved.

import Approval

extension Repository {
  /// Refuses content filters, encodings and line-ending conversion on `paths`.
  ///
  /// Attributes come from the index of the git directory in `variables` when that is given, else from the files in `directory`.
  func checkAttributes(
    of paths: [RepositoryPath], in directory: String, variables: [String: String],
    holdsCarriageReturn: Set<RepositoryPath>
  ) async throws(GitError) {
    let configuration = try await currentConfiguration()
    func hasDriver(_ name: String) -> Bool {
      ["clean", "smudge", "process"].contains { configuration["filter.\(name).\($0)"] != nil }
    }
    let source = variables.isEmpty ? [] : ["--cached"]
    let attributes = ["filter", "working-tree-encoding", "ident", "text", "eol"]
    var program = git.program(
      ["check-attr", "-z", "--stdin"] + source + attributes, in: directory, .quiet,
      setting: variables)
    program.input = paths.flatMap { $0.bytes + [0] }
    let fields = try await git.output(of: program).split(
      separator: 0, omittingEmptySubsequences: false)
    for start in stride(from: 0, to: fields.count - 2, by: 3) {
      let path = RepositoryPath(fields[start])
      let value = String(decoding: fields[start + 2], as: UTF8.self)
      guard value != "unspecified", value != "unset" else { continue }
      let feature: UnsupportedFeature? =
        switch String(decoding: fields[start + 1], as: UTF8.self) {
        case "filter": hasDriver(value) ? .filter : nil
        case "working-tree-encoding": .workingTreeEncoding
        case "ident": .ident
        case "text" where value == "auto": nil
        case "text", "eol": holdsCarriageReturn.contains(path) ? .lineEndings : nil
        default: nil
        }
      if let feature { throw .unsupported(feature, detail: quoted(path)) }
    }
  }
}
