// The n-th system call fails, for every n: nothing that was reported as recorded is lost.

import TestSupport
import AuditLog
import Glibc
import Testing

/// What a user's session did before and after one of its calls failed.
private struct Outcome {
  var isOpened = false
  var recorded: [JSONValue] = []
  var errors: [LedgerError] = []
}

/// Opens a ledger and records four decisions, going on after every failure.
private func work(in directory: [UInt8], calls: FileSystemCalls) -> Outcome {
  var outcome = Outcome()
  do throws(LedgerError) {
    var writer = try LedgerWriter(directory: directory, calls: calls)
    outcome.isOpened = true
    for number in 0..<4 {
      let body: JSONValue = ["hunk": .integer(Int64(number)), "reason": "as discussed, see above"]
      do throws(LedgerError) {
        let record = try writer.append(kind: "decision", body: body)
        outcome.recorded.append(record.body)
      } catch {
        outcome.errors.append(error)
      }
    }
    writer.close()
  } catch {
    outcome.errors.append(error)
  }
  return outcome
}

private let tornTail = Array(#"{"body":{"hunk":99,"rea"#.utf8)

/// A ledger of one record and the remains of another, in a session directory of its own.
private func makeTornLedger(in scratch: Scratch) throws {
  let record = try ChainRecord(after: .start, kind: "session", body: ["base": "3fd21c8"])
  precondition(mkdir(scratch.text("session"), 0o700) == 0)
  scratch.write(record.line + [0x0A] + tornTail, to: "session/ledger.jsonl")
}

@Suite struct LedgerFaultTests {
  @Test(arguments: FaultyDisk.Fault.allCases, [false, true])
  func `whichever call fails, every recorded decision is there at the next start`(
    fault: FaultyDisk.Fault, startsTorn: Bool
  ) throws {
    var number = 0
    while true {
      number += 1
      let scratch = Scratch()
      if startsTorn { try makeTornLedger(in: scratch) }
      let disk = FaultyDisk(fault, at: number)
      let outcome = work(in: scratch.path("session"), calls: disk.calls)
      let whatFailed = Comment(rawValue: "\(fault), call \(number)")
      if disk.callCount < number {
        #expect(number > 20 && outcome.errors.isEmpty && outcome.recorded.count == 4)
        return
      }
      if fault == .interruption {
        #expect(outcome.recorded.count == 4, whatFailed)
      }
      #expect(outcome.recorded.count + outcome.errors.count >= 4 || !outcome.isOpened, whatFailed)

      var writer = try LedgerWriter(directory: scratch.path("session"))
      let first = startsTorn ? 1 : 0
      let found = writer.recordsAtStart.map(\.body).dropFirst(first)
      #expect(Array(found.prefix(outcome.recorded.count)) == outcome.recorded, whatFailed)
      #expect(found.count <= outcome.recorded.count + 1, whatFailed)
      if found.count > outcome.recorded.count {
        #expect(fault == .forever || fault == .tornWriteForever, whatFailed)
      }
      try writer.append(kind: "decision", body: "afterwards")
      let chain = try RecordChain.read(in: scratch.path("session"))
      #expect(chain.records.last?.body == "afterwards" && chain.tornTail.isEmpty, whatFailed)
      if startsTorn {
        let kept = scratch.names(in: "session").filter { $0.hasPrefix("ledger.torn-") }
        #expect(
          kept.contains { scratch.content("session/\($0)") == tornTail }, whatFailed)
      }
    }
  }

  @Test func `a failed append says what was tried, and the next one continues the chain`() throws {
    let scratch = Scratch()
    let counter = FaultyDisk()
    do {
      var writer = try LedgerWriter(directory: scratch.path("count"), calls: counter.calls)
      try writer.append(kind: "session", body: nil)
    }
    var faultyWrites = 0
    for number in 1...counter.callCount {
      let name = "session-\(number)"
      let disk = FaultyDisk(.tornWrite, at: number, code: ENOSPC)
      do {
        var writer = try LedgerWriter(directory: scratch.path(name), calls: disk.calls)
        let error = #expect(throws: LedgerError.self) {
          // Long enough to need more than one write call.
          try writer.append(kind: "session", body: .text(String(repeating: "x", count: 200)))
          throw LedgerError.inUse(directory: [], owner: nil)
        }
        if error?.description.contains("could not write to") == true {
          faultyWrites += 1
          #expect(
            error?.description == "nothing was recorded: could not write to "
              + "\(scratch.text(name))/ledger.jsonl: No space left on device")
          #expect(scratch.content("\(name)/ledger.jsonl") == [])
          let record = try writer.append(kind: "session", body: nil)
          #expect(record.sequence == 0 && writer.head.count == 1)
        }
      } catch {
        #expect(!"\(error)".contains("nothing was recorded"))
      }
    }
    #expect(faultyWrites > 1)
  }

  @Test func `a roll-back that fails too is told and made up for by the next append`() throws {
    let scratch = Scratch()
    var calls = FileSystemCalls.system
    let disk = Switch()
    calls.fdatasync = { (descriptor) throws(SystemCallFailure) in
      if disk.isBroken { throw SystemCallFailure(code: EIO) }
    }
    calls.ftruncate = { (descriptor, length) throws(SystemCallFailure) in
      if disk.isBroken { throw SystemCallFailure(code: EROFS) }
      try FileSystemCalls.system.ftruncate(descriptor, length)
    }
    var writer = try LedgerWriter(directory: scratch.path("s"), calls: calls)
    try writer.append(kind: "decision", body: 1)
    disk.isBroken = true
    for _ in 0..<2 {
      let error = #expect(throws: LedgerError.self) {
        try writer.append(kind: "decision", body: 2)
      }
      #expect(error?.description.contains("Read-only file system") == true)
    }
    disk.isBroken = false
    try writer.append(kind: "decision", body: 3)
    #expect(try RecordChain.read(in: scratch.path("s")).records.map(\.body) == [1, 3])
  }
}

/// Whether a disk works, shared with the closures that ask.
private final class Switch: @unchecked Sendable {
  // Safe because one test sets it between the calls that it makes itself, on one thread.
  var isBroken = false
}
