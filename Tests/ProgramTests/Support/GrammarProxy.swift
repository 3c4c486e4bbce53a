// Stands between the program and a model server and makes the model answer one text.

import Glibc
import Synchronization

/// Passes everything on byte for byte, but adds a `grammar` to the JSON body of a request for an answer.
///
/// A model of random weights then writes exactly the text that the grammar admits, through the real
/// server, and the program under test sends what it always sends.
final class GrammarProxy: Sendable {
  let socketPath: String
  private let listener: CInt
  private let bodies = Mutex<[[UInt8]]>([])

  init(on socketPath: String, before serverPath: String, answering answers: String...) throws {
    self.socketPath = socketPath
    listener = try listen(onSocket: socketPath)
    let members = answers.map { text in
      Array(#","grammar":"#.utf8) + jsonText(Array(Self.grammar(of: text).utf8))
    }
    let keeper = Keeper()
    keeper.proxy = self
    let listener = listener
    onOwnThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        onOwnThread {
          defer { close(connection) }
          guard let request = readRequest(connection) else { return }
          var member: [UInt8] = []
          if request.line == "POST /v1/chat/completions" {
            let before = keeper.proxy?.bodies.withLock { bodies in
              bodies.append(request.body)
              return bodies.count - 1
            }
            member = members[min(before ?? 0, members.count - 1)]
          }
          var narrowed = request
          if request.body.firstRange(of: Array("\"grammar\":".utf8)) != nil {
            // The program has a grammar of its own; of random weights its free lines would never end.
            member = []
            narrowed.body = Self.endingSoon(request.body)
          }
          pass(narrowed, adding: member, from: connection, to: serverPath)
        }
      }
      close(listener)
    }
  }

  deinit { shutdown(listener, CInt(SHUT_RDWR)) }

  /// The bodies of the requests for an answer, as the program sent them.
  var prompts: [[UInt8]] { bodies.withLock { $0 } }

  /// Unchecked: set before the thread that reads it starts.
  private final class Keeper: @unchecked Sendable {
    weak var proxy: GrammarProxy?
  }

  /// The body with the anchor grammar's free lines made one short line.
  private static func endingSoon(_ body: [UInt8]) -> [UInt8] {
    let text = String(decoding: body, as: UTF8.self)
    return Array(
      text.replacing(" line* ", with: " line ").replacing(
        #"rest ::= [^\\n]*"#, with: "rest ::= [a-z]"
      )
      .utf8)
  }

  /// A grammar in GBNF that admits `text` and nothing else.
  private static func grammar(of text: String) -> String {
    var rule = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": rule += "\\n"
      case "\"", "\\": rule += "\\\(scalar)"
      default: rule.unicodeScalars.append(scalar)
      }
    }
    return "root ::= \"\(rule)\""
  }
}

/// Sends a request on, with `member` in front of the brace that ends its body, and the response back.
private func pass(
  _ request: ArrivedRequest, adding member: [UInt8], from client: CInt, to serverPath: String
) {
  guard let server = try? connect(toSocket: serverPath) else { return }
  defer { close(server) }
  var body = request.body
  if !member.isEmpty, let brace = body.lastIndex(of: UInt8(ascii: "}")) {
    body.insert(contentsOf: member, at: brace)
  }
  var lines = request.head.split(separator: "\r\n").map(String.init)
  lines.removeAll { line in
    ["content-length:", "connection:"].contains { line.lowercased().hasPrefix($0) }
  }
  // One request per connection keeps the proxy free of framing.
  lines += ["Content-Length: \(body.count)", "Connection: close"]
  let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  guard sendAll(head + body, to: server) else { return }
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    var entries = [
      pollfd(fd: server, events: Int16(POLLIN), revents: 0),
      pollfd(fd: client, events: Int16(POLLIN), revents: 0),
    ]
    poll(&entries, 2, -1)
    // A client that closes has cancelled; so does the proxy then.
    if entries[1].revents != 0 { return }
    let count = read(server, &buffer, buffer.count)
    guard count > 0, sendAll(Array(buffer[..<count]), to: client) else { return }
  }
}
