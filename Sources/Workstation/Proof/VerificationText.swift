// Verdicts on commits as lines for people and as JSON for programs.

import Approval
import AuditLog
import Review

package enum VerificationText {
  /// What a verification cannot show, whatever it finds.
  package static let limits =
    "This proves that every change is one that somebody approved in Countersign. It cannot prove that a person looked, who typed, the clock, which weights ran, or that the code is good; nor, without a signature by a key you trust, that Countersign wrote the record. Message and author are not in it."

  package static func lines(_ verdict: CommitVerdict) -> [String] {
    let name = "\(verdict.commit.short)  "
    let what: String
    switch verdict.standing {
    case .verified:
      let sources = verdict.sources.map(\.rawValue).joined(separator: " and ")
      what = "verified    \(counted(verdict)), by \(sources)\(signed(verdict))"
    case .untracked: what = "untracked   no record"
    case .unanchored: what = "unanchored  \(counted(verdict))"
    case .unsigned: what = "unsigned    \(counted(verdict))"
    case .missing: what = "no record   it names \(verdict.session?.text ?? "a session")"
    case .violated: what = "VIOLATED"
    }
    // Where it is text, what prints it makes it harmless.
    let summary =
      String(validating: verdict.summary.prefix(240), as: UTF8.self)
      ?? DisplayedBytes.text(of: verdict.summary, limit: 120)
    return [name + what, "          \(summary)"] + verdict.reasons.map { "          \($0)" }
  }

  private static func signed(_ verdict: CommitVerdict) -> String {
    switch verdict.signature {
    case .unsigned: ""
    case .good(let principal): ", signed by \(DisplayedBytes.text(of: principal.utf8))"
    case .unknownKey(let words): ", signed by a key that nobody vouches for (\(words))"
    case .bad(let reason), .unchecked(let reason): ", signature not checked (\(reason))"
    }
  }

  private static func counted(_ verdict: CommitVerdict) -> String {
    let (count, files) = (verdict.approvalCount, verdict.fileCount)
    return
      "\(count) approval\(count == 1 ? "" : "s") in \(files) file\(files == 1 ? "" : "s"), session \(verdict.session?.text ?? "")/\(verdict.sequence ?? 0)"
  }

  private static func signature(_ standing: SignatureStanding) -> JSONValue {
    let (name, words) =
      switch standing {
      case .unsigned: ("none", "")
      case .good(let principal): ("good", principal)
      case .unknownKey(let words): ("unknown-key", words)
      case .bad(let words): ("bad", words)
      case .unchecked(let words): ("unchecked", words)
      }
    return ["standing": .text(name), "words": .text(words)]
  }

  package static func json(_ verdicts: [CommitVerdict]) throws -> [UInt8] {
    try CanonicalJSON.bytes(of: [
      "schema": "countersign.verify/1",
      "commits": .array(
        verdicts.map { verdict in
          [
            "commit": .text(verdict.commit.hex), "standing": .text("\(verdict.standing)"),
            "session": verdict.session.map { .text($0.text) } ?? .null,
            "sequence": verdict.sequence.map { .exact($0) } ?? .null,
            "approvals": .exact(verdict.approvalCount), "files": .exact(verdict.fileCount),
            "sources": .array(verdict.sources.map { .text($0.rawValue) }),
            "signature": signature(verdict.signature),
            "reasons": .array(verdict.reasons.map { .text($0) }),
          ]
        }),
    ]) + [UInt8(ascii: "\n")]
  }
}
