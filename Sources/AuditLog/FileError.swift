// One typed error for what can go wrong with the files that hold records and settings.

import Glibc

/// A file or directory that could not be used, with what was tried and why it did not work.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case system(SystemCallFailure)
    case notAbsolute
    case isSymlink
    case notADirectory
    case notARegularFile
    case foreignOwner(UInt32)
    case writableByEveryone
    case tooLarge(limit: Int)
    /// Another name was put in its place while it was being opened.
    case replaced
    case removed
    case lengthChanged(expected: Int, found: Int)
  }

  /// What was tried, as words that follow "could not".
  package let attempt: String
  package let path: [UInt8]
  package let reason: Reason

  package init(_ attempt: String, _ path: [UInt8], _ reason: Reason) {
    self.attempt = attempt
    self.path = path
    self.reason = reason
  }

  package var description: String {
    "could not \(attempt) \(DisplayedBytes.text(of: path)): \(reason.inWords)"
  }
}

extension FileError.Reason {
  fileprivate var inWords: String {
    switch self {
    case .system(let failure): failure.description
    case .notAbsolute: "the path does not start with a slash"
    case .isSymlink: "it is a symbolic link, which could lead anywhere"
    case .notADirectory: "it is not a directory"
    case .notARegularFile: "it is not a regular file"
    case .foreignOwner(let user): "it belongs to user \(user) and not to you"
    case .writableByEveryone: "every user of this machine may write to it; run chmod o-w on it"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .replaced: "it was replaced while it was being opened; try again"
    case .removed: "it was removed while it was in use"
    case .lengthChanged(let expected, let found):
      "something else wrote to it: \(expected) bytes expected, \(found) found"
    }
  }
}

extension FileSystemCalls {
  /// Runs one call, again for as long as a signal interrupts it.
  ///
  /// - Parameter attempt: what is being tried, as words that follow "could not".
  func attempt<Value: ~Copyable>(
    _ attempt: String, _ path: [UInt8], _ call: () throws(SystemCallFailure) -> Value
  ) throws(FileError) -> Value {
    while true {
      do throws(SystemCallFailure) {
        return try call()
      } catch {
        guard error.code == EINTR else { throw FileError(attempt, path, .system(error)) }
      }
    }
  }
}
