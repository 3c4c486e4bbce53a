// Paths, object names, digests: the small values everything is bound to.

import Approval
import Digest
import Testing

struct ProposalTests {
  @Test func `paths are bytes, so twins under folding or normalisation are different`() {
    #expect(RepositoryPath("é") != RepositoryPath("e\u{301}"))
    #expect(RepositoryPath(";") != RepositoryPath("\u{37e}"))
    #expect(RepositoryPath("A") != RepositoryPath("a"))
    #expect(RepositoryPath([0xff, 0x61]) != RepositoryPath([0xfe, 0x61]))
    #expect(Set(["é", "e\u{301}"].map { RepositoryPath($0) }).count == 2)
  }

  @Test func `paths sort bytewise`() {
    let paths = ["a", "B", "a/b", "a-b", "é", "e\u{301}", "z"].map { RepositoryPath($0) }
    #expect(
      paths.sorted() == ["B", "a", "a-b", "a/b", "e\u{301}", "z", "é"].map { RepositoryPath($0) })
  }

  @Test(arguments: [("a/b/c.swift", "c.swift"), ("top", "top"), ("dir/", "")])
  func `the name of a path is its last component`(_ path: String, _ name: String) {
    #expect(Array(RepositoryPath(path).name) == Array(name.utf8))
  }

  @Test(arguments: [
    "", String(repeating: "a", count: 39), String(repeating: "a", count: 41),
    String(repeating: "A", count: 40), String(repeating: "g", count: 40),
    String(repeating: "a", count: 38) + "é", " " + String(repeating: "a", count: 39),
  ])
  func `an object name has 40 lower-case hexadecimal digits`(_ text: String) {
    #expect(ObjectID(hex: text) == nil)
    #expect(ObjectID(hex: String(repeating: "0f", count: 20))?.short == "0f0f0f0f")
  }

  @Test func `a proposal finds its files by path whatever order they came in`() {
    let names = ["m", "a", "Z", "a/b", "k", "q", "b"]
    let scratch = ScratchProposal(names.map { ($0, nil, .init("\($0)\n")) })
    let files = scratch.proposal.files
    #expect(files.map(\.path) == names.map { RepositoryPath($0) }.sorted())
    for (index, file) in files.enumerated() {
      #expect(scratch.proposal.index(of: file.path) == index)
    }
    for absent in ["", "0", "aa", "zz", "untouched"] {
      #expect(scratch.proposal.index(of: RepositoryPath(absent)) == nil)
    }
  }

  /// Vectors of FIPS 180-2.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `a digest is SHA-256 and reads back from its digits`(_ text: String, _ hex: String) {
    #expect(SHA256Digest.of(text.utf8).hex == hex)
    #expect(SHA256Digest(hex: hex) == SHA256Digest.of(text.utf8))
    #expect(SHA256Digest(hex: hex.uppercased()) == nil || hex == hex.uppercased())
    #expect(SHA256Digest(hex: String(hex.dropLast())) == nil)
    #expect(SHA256Digest(hex: hex + "00") == nil)
  }
}
