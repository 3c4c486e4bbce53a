// What a scripted model server does with a connection.

/// A request as it arrived.
struct ArrivedRequest: Sendable {
  /// Such as `GET /props`.
  let line: String
  let head: String
  var body: [UInt8]

  var isQuestion: Bool { line.hasPrefix("GET ") }
}

/// What to do with a connection, in order; it is closed after the last.
enum ServerAct: Sendable {
  case send([UInt8])
  /// Waits until the client has closed, and counts that.
  case waitForClose
  /// Waits until the test opens the gate.
  case waitForGate

  static func text(_ text: String) -> ServerAct { .send(Array(text.utf8)) }

  /// A whole response.
  static func response(
    _ status: String, type: String = "application/json", headers: String = "", _ body: String = "{}"
  ) -> ServerAct {
    .text(
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(headers)Connection: close\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// The head of a stream, and one event per piece of an answer.
  static func stream(_ pieces: [[UInt8]]) -> ServerAct {
    var bytes = Array(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n".utf8)
    for piece in pieces {
      bytes += Array(#"data: {"choices":[{"index":0,"delta":{"content":"#.utf8)
      bytes += jsonText(piece) + Array("}}]}\n\n".utf8)
    }
    return .send(bytes)
  }

  /// The end of a complete answer.
  static let end = ServerAct.text(
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
      + "data: [DONE]\n\n")

  /// A complete answer.
  static func answer(_ text: String) -> [ServerAct] {
    // In pieces that cut words, as tokens do.
    let letters = Array(text.unicodeScalars)
    let pieces = stride(from: 0, to: letters.count, by: 17).map { start in
      letters[start..<min(start + 17, letters.count)].reduce(into: [UInt8]()) {
        $0 += Array(UTF8.encode($1) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return [.stream(pieces), .end]
  }
}

/// A JSON string with everything but printable ASCII escaped.
func jsonText(_ bytes: [UInt8]) -> [UInt8] {
  var text = "\""
  for unit in String(decoding: bytes, as: UTF8.self).utf16 {
    switch unit {
    case 0x22: text += "\\\""
    case 0x5C: text += "\\\\"
    case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
    default:
      let hex = String(unit, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
  }
  return Array((text + "\"").utf8)
}
