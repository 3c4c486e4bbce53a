// An API key: read with care, sent in one header, shown nowhere.

import Glibc

/// A secret that never appears in a description, an error or a log.
package struct APIKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let secret: String

  /// Takes the one line in `bytes`; throws a sentence that does not contain it.
  package init(_ bytes: [UInt8]) throws(KeyProblem) {
    var line = bytes[...]
    while let last = line.last, last == 0x0A || last == 0x0D || last == 0x20 { line.removeLast() }
    guard !line.isEmpty else { throw KeyProblem("it is empty.") }
    guard line.count <= 4096 else { throw KeyProblem("it is longer than 4096 bytes.") }
    guard line.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw KeyProblem("it holds a blank, a control character, or more than one line.")
    }
    secret = String(decoding: line, as: UTF8.self)
  }

  /// Reads the key from a file that only its owner and group may touch.
  package static func reading(file path: String) throws(KeyProblem) -> APIKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw KeyProblem("\(path) cannot be opened (\(String(cString: strerror(errno)))).")
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw KeyProblem("\(path) is no regular file.")
    }
    guard facts.st_mode & (S_IROTH | S_IWOTH) == 0 else {
      throw KeyProblem("every user of this machine can read or change \(path): chmod 600 it.")
    }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else {
      throw KeyProblem("\(path) cannot be read (\(String(cString: strerror(errno)))).")
    }
    return try APIKey(Array(bytes.prefix(count)))
  }

  /// The header field that carries it.
  var authorization: String { "Authorization: Bearer \(secret)" }

  package var description: String { "(API key)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a key cannot be used, as the end of a sentence; never the key itself.
package struct KeyProblem: Error, Equatable, Sendable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}
