// JSON output read back by a reader that is not the program's.

import FoundationEssentials
import Testing

/// What `countersign sessions --json` prints.
struct SessionsDocument: Decodable {
  struct Session: Decodable {
    let id: String
    let title: String
    let standing: String
    let created: Int
    let verdict: String
    let model: String
  }

  let schema: String
  let sessions: [Session]
}

/// What `countersign show --json` prints, as far as the tests look at it.
struct SessionDocument: Decodable {
  struct Decision: Decodable {
    let n: Int
    let verdict: String
  }

  let schema: String
  let standing: String
  let decisions: [Decision]
  let commits: [String]
}

/// What `countersign doctor --json` prints.
struct DoctorDocument: Decodable {
  struct Finding: Decodable {
    let subject: String
    let standing: String
    let sentence: String
  }

  let schema: String
  let findings: [Finding]
}

/// Reads a document; fails when the bytes are not one.
func parsed<Document: Decodable>(_ bytes: [UInt8], as type: Document.Type) throws -> Document {
  try JSONDecoder().decode(type, from: Data(bytes))
}
