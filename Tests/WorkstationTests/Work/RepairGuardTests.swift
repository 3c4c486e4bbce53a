// Below the screens: what is asked again for an edit goes no further than the request went.

import Approval
import GitStore
import ModelClient
import Review
import TestSupport
import Testing

@testable import Workstation

@Suite struct RepairGuardTests {
  @Test func `no lines go along of a file that the request did not have`() async throws {
    let scratch = Scratch()
    let script = """
      set -e
      git init -q -b main "$1" && cd "$1"
      echo a > given && echo b > named && git add . && git commit -q -m base
      """
    let surroundings = try await scratch.surroundings(of: script)
    let repository = surroundings.repository
    let tip = try #require(try await repository.head().tip)
    let tree = try await repository.commitContent(tip).tree
    let given = RepositoryPath(Array("given".utf8))
    let named = RepositoryPath(Array("named".utf8))
    let id = try #require(SessionID("s"))
    let history = SessionHistory(
      SessionStart(
        id: id, created: 1, title: "t", instruction: "t", files: [given], baseCommit: tip,
        baseTree: tree, branch: "refs/heads/main", source: .model, endpoint: "box",
        address: "http://127.0.0.1:1", verdict: "LOCAL 127.0.0.1:1", model: "m", promptDigest: ""),
      SessionRound(
        number: 1,
        proposal: try await repository.makeProposal(
          base: tip, contents: [given: .file(.regular, Array("c\n".utf8))]), placements: [:],
        unplaced: []))
    let work = AgainWork(
      maker: RequestMaker(
        surroundings: surroundings,
        endpoints: [EndpointConfiguration(name: "box", url: "http://127.0.0.1:1")]))
    // As an older ledger has it, without the reason's word.
    let item = UnplacedItem(
      path: named.bytes, reason: "", text: [], wanted: Array("b\n".utf8),
      places: [NearPlace(line: 0, text: Array("b\n".utf8))])
    func prepare(_ path: RepositoryPath) async throws {
      _ = try await work.prepareRepair(
        of: item,
        AgainDraft(
          session: id, path: path, lines: [], comments: [],
          endpoint: try work.endpointWords(history.start), repair: item), history)
    }
    let refused = await #expect(throws: RepairProblem.self) { try await prepare(named) }
    #expect(refused == .notOffered(named))
    // The one that was given gets as far as its server, and nobody is there.
    _ = await #expect(throws: ModelError.self) { try await prepare(given) }
  }
}
