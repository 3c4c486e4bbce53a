// The harness itself: what is missing is recorded and fails, what is extra is found, CI writes nothing.

import FilmStrip
import Glibc
import Testing

@Suite struct GoldenStoreTests {
  /// A directory of its own, gone with the value.
  private final class ScratchDirectory {
    let path: String

    init() throws {
      let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
      var template = Array("\(root)/countersign-golden-XXXXXX".utf8CString)
      path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
      for name in ["a.txt", "b.txt"] { unlink("\(path)/\(name)") }
      rmdir(path)
    }

    func exists(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }
  }

  private func store(
    _ directory: ScratchDirectory, isReadOnly: Bool = false, recordsAll: Bool = false
  ) -> GoldenStore {
    GoldenStore(directory: directory.path, isReadOnly: isReadOnly, recordsAll: recordsAll)
  }

  @Test func `a missing golden screen is recorded and is a failure once`() throws {
    let directory = try ScratchDirectory()
    #expect(try store(directory).compare("x\n", with: "a.txt") != nil)
    #expect(try store(directory).compare("x\n", with: "a.txt") == nil)
  }

  @Test func `a screen that differs is a failure that shows the rows, and stays one`() throws {
    let directory = try ScratchDirectory()
    _ = try store(directory).compare("same\nold\n", with: "a.txt")
    for _ in 0..<2 {
      let problem = try #require(try store(directory).compare("same\nnew\n", with: "a.txt"))
      #expect(problem.contains("- old\n+ new"))
      #expect(!problem.contains("same"))
    }
  }

  @Test func `where CI is set nothing is recorded, whatever is asked for`() throws {
    let directory = try ScratchDirectory()
    let store = store(directory, isReadOnly: true, recordsAll: true)
    #expect(try store.compare("x\n", with: "a.txt") != nil)
    #expect(!directory.exists("a.txt"))
    #expect(try store.compare("x\n", with: "a.txt") != nil)
  }

  @Test func `recording all takes what is shown and removes what nothing shows`() throws {
    let directory = try ScratchDirectory()
    _ = try store(directory).compare("old\n", with: "a.txt")
    _ = try store(directory).compare("extra\n", with: "b.txt")
    #expect(try store(directory).unreferenced(by: ["a.txt"]) == ["b.txt"])
    let recording = store(directory, recordsAll: true)
    #expect(try recording.compare("new\n", with: "a.txt") == nil)
    #expect(try recording.unreferenced(by: ["a.txt"]) == [])
    #expect(try store(directory).compare("new\n", with: "a.txt") == nil)
    #expect(!directory.exists("b.txt"))
  }
}
