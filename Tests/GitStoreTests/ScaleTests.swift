import Approval
import GitStore
import Testing

@Suite struct ScaleTests {
  @Test func `two thousand changed files are found among twenty thousand, and written back`()
    async throws
  {
    let scratch = try await Scratch.make()
    // Both commits in one pack, without files in the checkout.
    var stream = ""
    for (round, count) in [(1, 20_000), (2, 2_000)] {
      stream += "commit refs/heads/main\nmark :\(round)\n"
      stream += "committer C <c@example.org> 1700000000 +0000\ndata 0\n"
      for number in 0..<count {
        let content = "\(round) \(number)"
        stream += "M 100644 inline d\(number % 40)/f\(number)\ndata \(content.utf8.count)\n"
        stream += content + "\n"
      }
    }
    try await scratch.git("fast-import", "--quiet", input: Array(stream.utf8))
    let tip = try await scratch.head("main")
    let base = try await scratch.head("main^")
    let repository = try await scratch.repository()
    let tree = try await repository.commitContent(tip).tree
    let proposal = try await repository.makeProposal(base: base, tree: tree)
    #expect(proposal.files.count == 2_000)
    #expect(try await repository.treeListing(of: tree).count == 20_000)
    let changes = proposal.files.map { ($0.path, $0.new) }
    let written = try await repository.writeTree(
      base: proposal.baseTree, changes: Dictionary(uniqueKeysWithValues: changes))
    #expect(written == tree)
  }
}
