// Opening, locking and appending to the ledger of a session.

import TestSupport
import AuditLog
import Glibc
import Testing

@Suite struct LedgerWriterTests {
  @Test func `a new ledger is private and its records survive reopening`() throws {
    let scratch = Scratch()
    let directory = scratch.path("countersign/sessions/a1")
    do {
      var writer = try LedgerWriter(directory: directory)
      #expect(writer.head == .start && writer.recordsAtStart.isEmpty)
      let first = try writer.append(kind: "session", body: ["base": "3fd21c8"])
      let second = try writer.append(kind: "decision", body: ["hunk": 1])
      #expect([first.sequence, second.sequence] == [0, 1])
      #expect(second.previous == first.digest && writer.head == ChainHead(after: second))
    }
    for name in ["countersign", "countersign/sessions", "countersign/sessions/a1"] {
      #expect(scratch.permissions(name) == 0o700)
    }
    #expect(scratch.permissions("countersign/sessions/a1/ledger.jsonl") == 0o600)
    #expect(scratch.permissions("countersign/sessions/a1/lock") == 0o600)
    var writer = try LedgerWriter(directory: directory)
    #expect(writer.recordsAtStart.map(\.kind) == ["session", "decision"])
    #expect(writer.deadOwner == nil && writer.tornTailPath == nil)
    try writer.append(kind: "commit", body: nil)
    #expect(try RecordChain.read(in: directory).records.count == 3)
  }

  @Test func `wider permissions are narrowed`() throws {
    let scratch = Scratch()
    precondition(mkdir(scratch.text("s"), 0o755) == 0)
    scratch.write([], to: "s/ledger.jsonl", mode: 0o644)
    _ = try LedgerWriter(directory: scratch.path("s"))
    #expect(scratch.permissions("s") == 0o700)
    #expect(scratch.permissions("s/ledger.jsonl") == 0o600)
  }

  @Test func `a torn tail is moved to the first free side file`() throws {
    let scratch = Scratch()
    let directory = scratch.path("s")
    do {
      var writer = try LedgerWriter(directory: directory)
      try writer.append(kind: "session", body: nil)
    }
    let whole = try #require(scratch.content("s/ledger.jsonl"))
    for number in 1...2 {
      let torn = Array("{\"body\":\(number)".utf8)
      scratch.write(whole + torn, to: "s/ledger.jsonl")
      #expect(try RecordChain.read(in: directory).tornTail == torn)
      do {
        let writer = try LedgerWriter(directory: directory)
        #expect(writer.tornTailPath == scratch.path("s/ledger.torn-\(number)"))
        #expect(writer.recordsAtStart.count == 1)
      }
      #expect(scratch.content("s/ledger.torn-\(number)") == torn)
      #expect(scratch.permissions("s/ledger.torn-\(number)") == 0o600)
      #expect(scratch.content("s/ledger.jsonl") == whole)
    }
  }

  @Test func `a second writer is refused by the name of the first`() throws {
    let scratch = Scratch()
    let directory = scratch.path("s")
    let first = try LedgerWriter(directory: directory)
    let error = #expect(throws: LedgerError.self) { _ = try LedgerWriter(directory: directory) }
    guard case .inUse(directory, let owner?) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(owner == .current() && owner.processIdentifier == getpid())
    #expect(
      error?.description
        == "the session in \(scratch.text("s")) is open in process \(getpid()) on \(owner.host); "
        + "close it there first")
    first.close()
    _ = try LedgerWriter(directory: directory)
  }

  @Test func `the name of a dead owner does not block and is reported`() throws {
    let scratch = Scratch()
    precondition(mkdir(scratch.text("s"), 0o700) == 0)
    scratch.write(
      Array("{\"host\":\"other\",\"pid\":4194305,\"start\":7}\n".utf8), to: "s/lock")
    let writer = try LedgerWriter(directory: scratch.path("s"))
    #expect(
      writer.deadOwner == LockOwner(processIdentifier: 4_194_305, host: "other", startTicks: 7))
    writer.close()
    #expect(scratch.content("s/lock") == [])
  }

  @Test(arguments: ["", "{\"host\":", "garbage\u{1B}[2J"])
  func `a half-written lock file blocks nobody`(content: String) throws {
    let scratch = Scratch()
    precondition(mkdir(scratch.text("s"), 0o700) == 0)
    scratch.write(Array(content.utf8), to: "s/lock")
    #expect(try LedgerWriter(directory: scratch.path("s")).deadOwner == nil)
  }

  @Test func `a broken chain is not continued`() throws {
    let scratch = Scratch()
    precondition(mkdir(scratch.text("s"), 0o700) == 0)
    scratch.write(Array("{\"seq\":0}\n".utf8), to: "s/ledger.jsonl")
    let error = #expect(throws: LedgerError.self) {
      _ = try LedgerWriter(directory: scratch.path("s"))
    }
    guard case .broken(scratch.path("s/ledger.jsonl"), let violation) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(violation.index == 0 && violation.what == .fields)
    #expect(scratch.content("s/ledger.jsonl") == Array("{\"seq\":0}\n".utf8))
  }

  @Test func `a ledger that someone else wrote to or removed is not continued`() throws {
    let scratch = Scratch()
    var writer = try LedgerWriter(directory: scratch.path("s"))
    try writer.append(kind: "session", body: nil)
    let whole = try #require(scratch.content("s/ledger.jsonl"))
    scratch.write(whole + [0x0A], to: "s/ledger.jsonl")
    let changed = #expect(throws: LedgerError.self) { try writer.append(kind: "x", body: nil) }
    #expect(changed?.description.contains("something else wrote to it") == true)
    #expect(scratch.content("s/ledger.jsonl") == whole + [0x0A])
    unlink(scratch.text("s/ledger.jsonl"))
    let removed = #expect(throws: LedgerError.self) { try writer.append(kind: "x", body: nil) }
    #expect(removed?.description.contains("it was removed while it was in use") == true)
  }

  @Test func `a body that JSON cannot hold is refused and nothing is written`() throws {
    let scratch = Scratch()
    var writer = try LedgerWriter(directory: scratch.path("s"))
    let error = #expect(throws: LedgerError.self) {
      try writer.append(kind: "session", body: .integer(.max))
    }
    #expect(error?.description.hasPrefix("a record of kind session cannot be written") == true)
    #expect(scratch.content("s/ledger.jsonl") == [] && writer.head == .start)
  }

  @Test func `symbolic links and other files in the way are refused`() throws {
    let scratch = Scratch()
    precondition(mkdir(scratch.text("real"), 0o700) == 0)
    precondition(symlink("real", scratch.text("link")) == 0)
    scratch.write([], to: "file")
    precondition(mkdir(scratch.text("s"), 0o700) == 0)
    precondition(symlink("../file", scratch.text("s/ledger.jsonl")) == 0)
    for (name, words) in [
      ("link", "symbolic link"), ("file", "not a directory"), ("file/below", "Not a directory"),
      ("s", "Too many levels of symbolic links"),
    ] {
      let error = #expect(throws: LedgerError.self) {
        _ = try LedgerWriter(directory: scratch.path(name))
      }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
    #expect(throws: LedgerError.self) { _ = try LedgerWriter(directory: Array("here".utf8)) }
    #expect(throws: LedgerError.self) { _ = try LedgerWriter(directory: [0x2F, 0x61, 0]) }
    #expect(scratch.names(in: "real").isEmpty && scratch.content("file") == [])
  }

  @Test func `reading a ledger that is not there says so`() {
    let scratch = Scratch()
    let error = #expect(throws: LedgerError.self) { try RecordChain.read(in: scratch.path) }
    #expect(
      error?.description
        == "could not open the ledger \(scratch.text("ledger.jsonl")): No such file or directory")
  }

  @Test func `a directory whose name is not text works like any other`() throws {
    let scratch = Scratch()
    let directory = scratch.path + [0x2F, 0xFF, 0xC3]
    do {
      var writer = try LedgerWriter(directory: directory)
      try writer.append(kind: "session", body: .bytes([0xFF]))
    }
    #expect(try RecordChain.read(in: directory).records[0].body.bytesValue == [0xFF])
    let path = directory.map(CChar.init(bitPattern:))
    for name in ["/ledger.jsonl", "/lock"] { unlink(path + name.utf8CString) }
    rmdir(path + [0])
  }
}
