// A transcript: one exchange with a server, as it came over the wire and when.
//
// The format is JSON Lines. The first line is the header:
//
//     {"countersign_transcript":1,"server":"llamaServer","model":"tiny.gguf",
//      "date":"2026-11-23","note":"hello under a grammar"}
//
// `server` is a case of ServerKind and chooses the decoder; `date` and `note` are for people. Every
// following line is a record with `t`, the milliseconds since the request was sent, never less than
// in the line before, and one of
//
//     {"t":14,"head":"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"}
//     {"t":15,"text":"data: {…}\n\n"}        bytes of the body that are UTF-8
//     {"t":16,"base64":"/w=="}               bytes of the body that are not
//     {"t":90,"end":"whole"}                 or "lost": the connection broke
//
// `head` is the status line and the fields through the empty line. The body is what follows after
// chunked encoding is undone; its pieces are cut as they arrived, anywhere. Without an `end` the
// connection counts as lost. The request is not recorded, so no source but what the answer quotes.

/// The first line of a transcript.
package struct TranscriptHeader: Equatable, Sendable {
  package let server: ServerKind
  package let model: String
  package let date: String
  package let note: String

  package init(server: ServerKind, model: String, date: String, note: String) {
    self.server = server
    self.model = model
    self.date = date
    self.note = note
  }
}

/// One thing that arrived.
package struct TranscriptRecord: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    case head([UInt8])
    case bytes([UInt8])
    case end(isWhole: Bool)
  }

  /// Since the request was sent.
  package let milliseconds: Int
  package let content: Content

  package init(milliseconds: Int, content: Content) {
    self.milliseconds = milliseconds
    self.content = content
  }
}

/// A recorded exchange.
package struct Transcript: Equatable, Sendable {
  package let header: TranscriptHeader
  package let records: [TranscriptRecord]

  package init(header: TranscriptHeader, records: [TranscriptRecord]) {
    self.header = header
    self.records = records
  }

  /// The transcript in its format.
  package var encoded: [UInt8] {
    let first = JSONValue.members([
      "countersign_transcript": .integer(1), "server": .text(header.server.rawValue),
      "model": .text(header.model), "date": .text(header.date), "note": .text(header.note),
    ])
    var output = first.encoded + [0x0A]
    for record in records {
      let time = JSONValue.integer(record.milliseconds)
      let line: JSONValue
      switch record.content {
      case .head(let bytes): line = .members(["t": time, "head": .string(bytes)])
      case .end(let isWhole):
        line = .members(["t": time, "end": .text(isWhole ? "whole" : "lost")])
      case .bytes(let bytes) where String(validating: bytes, as: UTF8.self) != nil:
        line = .members(["t": time, "text": .string(bytes)])
      case .bytes(let bytes):
        line = .members(["t": time, "base64": .string(Base64.encoded(bytes))])
      }
      output += line.encoded + [0x0A]
    }
    return output
  }

  /// Reads a transcript; `name` is for the error.
  package init(reading bytes: [UInt8], called name: String) throws(ModelError) {
    var header: TranscriptHeader?
    var records: [TranscriptRecord] = []
    for (index, line) in bytes.split(separator: 0x0A).enumerated() {
      func problem(_ words: String) -> ModelError {
        ModelError(.readingTranscript, name, .unreadableTranscript(line: index + 1, words))
      }
      guard let value = JSONValue.ifReadable(line) else { throw problem("this is no JSON") }
      if index == 0 {
        guard value["countersign_transcript"]?.int == 1 else {
          throw problem("this is no transcript of version 1")
        }
        guard let server = value["server"]?.text.flatMap(ServerKind.init(rawValue:)),
          let model = value["model"]?.text
        else { throw problem("the header names no known server or no model") }
        header = TranscriptHeader(
          server: server, model: model, date: value["date"]?.text ?? "",
          note: value["note"]?.text ?? "")
        continue
      }
      guard let record = TranscriptRecord(value) else {
        throw problem("a record has t and one of head, text, base64 and end")
      }
      guard record.milliseconds >= records.last?.milliseconds ?? 0 else {
        throw problem("time runs backwards")
      }
      records.append(record)
    }
    guard let header else {
      throw ModelError(
        .readingTranscript, name, .unreadableTranscript(line: 1, "the header is missing"))
    }
    self.init(header: header, records: records)
  }
}

extension TranscriptRecord {
  fileprivate init?(_ value: JSONValue) {
    guard let milliseconds = value["t"]?.int, milliseconds >= 0 else { return nil }
    if let head = value["head"]?.bytes {
      guard ResponseHead(raw: head) != nil else { return nil }
      self.init(milliseconds: milliseconds, content: .head(head))
    } else if let text = value["text"]?.bytes {
      self.init(milliseconds: milliseconds, content: .bytes(text))
    } else if let encoded = value["base64"]?.bytes, let bytes = Base64.decoded(encoded) {
      self.init(milliseconds: milliseconds, content: .bytes(bytes))
    } else if let end = value["end"]?.text, end == "whole" || end == "lost" {
      self.init(milliseconds: milliseconds, content: .end(isWhole: end == "whole"))
    } else {
      return nil
    }
  }
}
