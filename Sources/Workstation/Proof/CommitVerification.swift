// Checks commits against what was recorded, without trusting whoever wrote the record.

package import Approval
import AuditLog
import Diffing
import Digest
import GitStore
package import Review

/// What verifying one commit came to.
package struct CommitVerdict: Hashable, Sendable {
  package enum Standing: Hashable, Sendable {
    /// Every change is explained by exactly one approval, and the commit names the record that says so.
    case verified
    /// The commit names no record, and there is none: Countersign did not make it, or was told not to say so.
    case untracked
    /// There is a record and it explains the commit, but the commit does not name it: it could have been written afterwards.
    case unanchored
    /// The commit names a record that is not to be had here.
    case missing
    /// All of it holds, but the policy asks for a signature that is not there, or that nobody vouches for.
    case unsigned
    /// What is recorded does not hold.
    case violated
  }

  /// Where the record was found.
  package enum Source: String, Hashable, Sendable {
    case note
    case ledger
  }

  package let commit: ObjectID
  package let summary: [UInt8]
  package internal(set) var standing: Standing
  package internal(set) var session: SessionID?
  /// The place of the approval in its ledger.
  package internal(set) var sequence: Int?
  package internal(set) var approvalCount = 0
  package internal(set) var fileCount = 0
  package internal(set) var sources: [Source] = []
  package internal(set) var signature = SignatureStanding.unsigned
  /// Full sentences: why it is not verified, or what could not be checked.
  package internal(set) var reasons: [String] = []
}

/// What a commit's message says of its record.
struct RecordTrailer: Hashable, Sendable {
  let session: SessionID
  let sequence: Int
  let digest: SHA256Digest

  private static let key = "Countersign-Record: "
  private static let name = "countersign-record"

  /// Every trailer of ours in the message's last paragraph; nil stands for one that cannot be read.
  static func all(in message: [UInt8]) -> [RecordTrailer?] {
    let lines = lines(of: message)
    let end = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) }.map { $0 + 1 } ?? 0
    let start = lines[..<end].lastIndex { $0.allSatisfy(\.isWhitespace) }.map { $0 + 1 } ?? 0
    return lines[start..<end].filter(isOurs).map { line in
      // What git takes for ours and we did not write like this is one that cannot be read.
      line.hasPrefix(key) ? RecordTrailer(line.dropFirst(key.count)) : nil
    }
  }

  /// How many lines of the message look like one of ours, wherever they stand.
  static func count(in message: [UInt8]) -> Int { lines(of: message).count(where: isOurs) }

  /// Lines end at LF, with a CR before it or not: to Swift the two are one character.
  private static func lines(of message: [UInt8]) -> [Substring] {
    message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Substring(String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self))
    }
  }

  /// Whether git takes the line for a trailer with our key: whatever its case, with blanks before the colon.
  private static func isOurs(_ line: Substring) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return false }
    let words = line[..<colon].lowercased().split { $0 == " " || $0 == "\t" }
    return words == [name[...]]
  }

  /// Reads `<session>/<sequence> sha256:<digest>`.
  init?(_ value: Substring) {
    let parts = value.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("sha256:"),
      let slash = parts[0].lastIndex(of: "/"),
      let session = SessionID(String(parts[0][..<slash])),
      let sequence = Int(parts[0][parts[0].index(after: slash)...]), sequence >= 0,
      let digest = SHA256Digest(hex: String(parts[1].dropFirst(7)))
    else { return nil }
    self.session = session
    self.sequence = sequence
    self.digest = digest
  }
}

/// The records in all notes, read once, when a commit has none of its own.
private actor NotedRecords {
  private var records: [SHA256Digest: (record: ChainRecord, signature: [UInt8]?)]?

  /// The record of that digest, with its signature. The first time O(notes).
  func record(
    _ digest: SHA256Digest, in repository: Repository
  ) async throws -> (record: ChainRecord, signature: [UInt8]?)? {
    if let records { return records[digest] }
    var found: [SHA256Digest: (record: ChainRecord, signature: [UInt8]?)] = [:]
    let reference = ApprovalRecord.notesReference
    for commit in try await repository.notedObjects(under: reference) {
      guard let note = try await repository.note(on: commit, under: reference),
        let noted = ApprovalRecord.record(inNote: note)
      else { continue }
      found[noted.record.digest] = noted
    }
    records = found
    return found[digest]
  }
}

/// Verifies commits of one repository.
package struct CommitVerification: Sendable {
  private let surroundings: Surroundings
  private let notes = NotedRecords()
  private var repository: Repository { surroundings.repository }

  package init(surroundings: Surroundings) {
    self.surroundings = surroundings
  }

  /// The verdicts on what `expression` names, oldest first: one commit, or those of a range.
  package func verdicts(on expression: String) async throws -> [CommitVerdict] {
    let commits: [ObjectID] =
      switch try await repository.resolve(expression) {
      case .commit(let id): [id]
      case .range(let from, let to), .symmetric(let from, let to):
        try await repository.commits(from: from, to: to)
      }
    var verdicts: [CommitVerdict] = []
    for commit in commits { verdicts.append(try await verdict(on: commit)) }
    return verdicts
  }

  /// O(both trees + bytes of the changed files + ledger).
  package func verdict(on commit: ObjectID) async throws -> CommitVerdict {
    let content = try await repository.commitContent(commit)
    var verdict = CommitVerdict(
      commit: commit, summary: Array(content.summary), standing: .verified)
    let trailers = RecordTrailer.all(in: content.message)
    let note = try await repository.note(on: commit, under: ApprovalRecord.notesReference)
    guard RecordTrailer.count(in: content.message) == trailers.count else {
      return verdict.violated(
        "The message's Countersign-Record stands outside its last paragraph: the message was changed."
      )
    }
    guard trailers.count <= 1, !trailers.contains(nil) else {
      return verdict.violated("The message's Countersign-Record cannot be read, or is there twice.")
    }
    let trailer = trailers.first ?? nil
    var record: ChainRecord?
    var signature: [UInt8]?
    if let note {
      guard let (noted, signed) = ApprovalRecord.record(inNote: note) else {
        return verdict.violated("The note is none that Countersign wrote, or was changed.")
      }
      if let trailer, noted.digest != trailer.digest || noted.sequence != trailer.sequence {
        return verdict.violated(
          "The note is not the record that the commit names: its digest is \(noted.digest.hex.prefix(12))…, the commit says \(trailer.digest.hex.prefix(12))…."
        )
      }
      record = noted
      signature = signed
      verdict.sources.append(.note)
    }
    if let trailer {
      switch ledgerRecord(trailer) {
      case .found(let kept, let signed):
        if let record, record != kept {
          return verdict.violated("The note and the ledger have different records.")
        }
        record = kept
        signature = signature ?? signed
        verdict.sources.append(.ledger)
      case .broken(let reason): return verdict.violated(reason)
      case .absent: break
      }
    }
    // Amended or rebased, say: the note is on the commit that it was made for.
    if record == nil, let trailer,
      let elsewhere = try await notes.record(trailer.digest, in: repository),
      elsewhere.record.sequence == trailer.sequence
    {
      record = elsewhere.record
      signature = elsewhere.signature
      verdict.sources.append(.note)
    }
    guard let record else {
      guard let trailer else {
        verdict.standing = .untracked
        return verdict
      }
      verdict.standing = .missing
      verdict.session = trailer.session
      verdict.sequence = trailer.sequence
      verdict.reasons.append(
        "The record is not here; fetch the notes: git fetch <remote> \(ApprovalRecord.notesReference):\(ApprovalRecord.notesReference)"
      )
      return verdict
    }
    verdict.signature = await ApprovalSigning(surroundings: surroundings)
      .standing(of: signature, under: record)
    return judged(try await check(record, content, trailer, verdict))
  }

  /// What the signature makes of a verdict.
  private func judged(_ before: CommitVerdict) -> CommitVerdict {
    var verdict = before
    if case .bad(let reason) = verdict.signature {
      return verdict.violated("The signature is not of this record: \(reason)")
    }
    guard surroundings.configuration.policy.requiresSignedApprovals, verdict.standing == .verified
    else { return verdict }
    switch verdict.signature {
    case .good: break
    case .unsigned: verdict.reasons.append("Your policy asks for a signature, and there is none.")
    case .unknownKey(let words):
      verdict.reasons.append(
        "It is signed by a key that allowed_signers does not name (\(words)), and your policy asks for one that it does."
      )
    case .unchecked(let reason), .bad(let reason):
      verdict.reasons.append("The signature could not be checked: \(reason)")
    }
    if !verdict.reasons.isEmpty { verdict.standing = .unsigned }
    return verdict
  }

  private func check(
    _ record: ChainRecord, _ content: CommitContent, _ trailer: RecordTrailer?,
    _ verdict: CommitVerdict
  ) async throws -> CommitVerdict {
    var verdict = verdict
    let approval: ApprovalRecord
    do {
      approval = try ApprovalRecord(record)
    } catch {
      return verdict.violated("\(error)")
    }
    verdict.session = approval.session
    verdict.sequence = record.sequence
    verdict.approvalCount = approval.decisions.count
    verdict.fileCount = Set(approval.decisions.map(\.file.path)).count
    if let trailer, trailer.session != approval.session {
      return verdict.violated("The record is of session \(approval.session), not of the one named.")
    }
    guard content.parents == (approval.baseCommit.map { [$0] } ?? []) else {
      return verdict.violated(
        "The commit's parent is not the base that was reviewed (\(approval.baseCommit?.short ?? "none")): it was rebased, or amended."
      )
    }
    guard content.tree == approval.tree else {
      return verdict.violated(
        "The commit's tree is not the one that was approved (\(approval.tree.short)): it was amended."
      )
    }
    let baseTree: ObjectID =
      if let base = approval.baseCommit { try await repository.commitContent(base).tree } else {
        .emptyTree
      }
    guard baseTree == approval.baseTree else {
      return verdict.violated("The base has another tree than the record says.")
    }
    verdict.reasons += try await problems(approval, baseTree)
    if !verdict.reasons.isEmpty {
      verdict.standing = .violated
    } else if trailer == nil {
      verdict.standing = .unanchored
      verdict.reasons.append("The commit does not name its record, so the note proves no time.")
    }
    return verdict
  }

  /// What of the commit's changes the approvals do not explain, in sentences; none when all is explained.
  private func problems(_ approval: ApprovalRecord, _ baseTree: ObjectID) async throws -> [String] {
    let base = try await repository.listing(of: baseTree)
    let committed = try await repository.listing(of: approval.tree)
    var blobs: [ObjectID: [UInt8]] = [:]
    for decision in approval.decisions {
      let file = decision.file
      guard decision.verdict == .approved else {
        return ["Record \(decision.sequence) of the proof is no approval."]
      }
      guard file.old == base[file.path], file.new == committed[file.path] else {
        return ["The approval of \(Self.shown(file.path)) is of another version of the file."]
      }
      for state in [file.old, file.new] {
        guard let state, state.mode != .submodule, blobs[state.blob] == nil else { continue }
        blobs[state.blob] = try await repository.content(of: state.blob)
      }
    }
    if let path = CommittedDecisions.firstDecidedTwice(in: approval.decisions) {
      return ["A line of \(Self.shown(path)) is approved twice."]
    }
    let violations = try CommitGuard.violations(
      base: base, committed: committed, decisions: approval.decisions
    ) { id in
      guard let content = blobs[id] else { throw VerificationProblem.unread(id) }
      return content
    }
    return violations.map { Self.sentence($0) }
  }

  private enum LedgerAnswer {
    /// With the signature under it, if there is one.
    case found(ChainRecord, signature: [UInt8]?)
    case broken(String)
    /// The session is of another machine, or was purged.
    case absent
  }

  private func ledgerRecord(_ trailer: RecordTrailer) -> LedgerAnswer {
    let store = surroundings.makeStore()
    guard store.exists(trailer.session) else { return .absent }
    do {
      let chain = try store.chain(of: trailer.session)
      try chain.verify(anchor: trailer.digest, at: trailer.sequence)
      let signature = chain.records.last {
        $0.kind == "signature" && $0.body["of"]?.stringValue == trailer.digest.hex
      }
      return .found(
        chain.records[trailer.sequence],
        signature: signature?.body["signature"]?.stringValue.map { Array($0.utf8) })
    } catch {
      return .broken("The ledger of session \(trailer.session) does not hold: \(error)")
    }
  }

  private static func sentence(_ violation: GuardViolation) -> String {
    let path = shown(violation.path)
    return switch violation {
    case .unapprovedPath: "\(path) changed, and no approval says so."
    case .missingChange: "\(path) was approved and is as in the base."
    case .content: "\(path) holds other bytes than the approvals make."
    case .mode: "\(path) has another mode than was approved."
    case .digest(_, let sequence): "Approval \(sequence) of \(path) is of other lines."
    case .script(_, let sequence): "Approval \(sequence) of \(path) names lines that are not there."
    case .binding(_, let sequence): "Approval \(sequence) of \(path) is of another version."
    }
  }

  private static func shown(_ path: RepositoryPath) -> String {
    DisplayedBytes.text(of: path.bytes)
  }
}

private enum VerificationProblem: Error, Hashable, CustomStringConvertible {
  case unread(ObjectID)

  var description: String {
    switch self {
    case .unread(let id): "The object \(id) was not read."
    }
  }
}

extension CommitVerdict {
  fileprivate func violated(_ reason: String) -> CommitVerdict {
    var verdict = self
    verdict.standing = .violated
    verdict.reasons.append(reason)
    return verdict
  }
}
