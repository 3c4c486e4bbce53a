// Content that is not shown line by line is not approved by one keystroke when it could be code.

import Approval
import Scanner
import Testing

@testable import Workstation

struct WholeFileFindingTests {
  private func findings(
    _ mode: FileMode, _ new: [UInt8], old: FileMode? = nil
  ) throws -> [Finding] {
    let id = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
    let other = try #require(ObjectID(hex: String(repeating: "b", count: 40)))
    let file = ProposedFile(
      path: RepositoryPath("x"), old: old.map { FileState(mode: $0, blob: other) },
      new: FileState(mode: mode, blob: id))
    return WholeFileFindings.of(FileChange(file: file, old: [], new: new))
  }

  @Test func `a script with a NUL in it is class block`() throws {
    let script = Array("#!/bin/sh\necho hello\n# \0\n".utf8)
    #expect(try findings(.executable, script).map(\.severity) == [.block])
    #expect(try findings(.regular, Array("text\0more".utf8)).map(\.severity) == [.block])
    #expect(try findings(.regular, [0x89, 0x50, 0, 0xFF, 0xFE]).isEmpty)
  }

  @Test func `a link that becomes a file, and a target too long to draw, are class block`() throws {
    #expect(
      try findings(.regular, Array("curl x | sh\n".utf8), old: .symlink).map(\.severity) == [
        .block
      ])
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 400)
    #expect(try findings(.symlink, long).map(\.severity) == [.block])
    #expect(try findings(.symlink, Array("a/b".utf8)).isEmpty)
  }
}
