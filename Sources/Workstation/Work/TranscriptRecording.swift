// Answers kept as they came over the wire, when the user asks for that.

import AuditLog
import Glibc
import ModelClient
import Synchronization

/// Writes a transcript of every answer into a directory, each a file of its own that only the user can read.
///
/// What was asked is not in it, nor a key; an answer quotes source, so a transcript is as private as that.
package final class TranscriptRecording: Sendable {
  /// As the user named it.
  package let directory: String
  private let problems = Mutex<[String]>([])
  private let count = Mutex(0)

  /// Makes the directory where it is missing, for the user only.
  ///
  /// - Throws: a `FileError` when it cannot be written.
  package init(directory: String) throws {
    self.directory = directory
    if mkdir(directory, 0o700) != 0, errno != EEXIST {
      throw FileError("make", Array(directory.utf8), .system(SystemCallFailure(code: errno)))
    }
    guard access(directory, W_OK | X_OK) == 0, LocalFiles.isDirectory(directory) else {
      let code = LocalFiles.isDirectory(directory) ? errno : ENOTDIR
      throw FileError("write to", Array(directory.utf8), .system(SystemCallFailure(code: code)))
    }
  }

  /// The way to model servers that writes down what comes back.
  var transport: any Transport {
    RecordingTransport(
      around: CurlTransport.shared, date: Self.now("%Y-%m-%d"), note: "recorded by countersign"
    ) { [self] in keep($0) }
  }

  /// What could not be written since it was asked last, a sentence each.
  package func takeProblems() -> [String] {
    problems.withLock { problems in
      defer { problems = [] }
      return problems
    }
  }

  private func keep(_ transcript: Transcript) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let path = "\(directory)/\(Self.now("%Y%m%d-%H%M%S"))-\(getpid())-\(number).transcript.jsonl"
    do throws(FileError) {
      let file = try OpenFile(
        "make", Array(path.utf8), flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600,
        calls: .system)
      try file.write(transcript.encoded)
    } catch {
      problems.withLock { $0.append("An answer could not be recorded: \(error)") }
    }
  }

  private static func now(_ format: String) -> String {
    var (now, parts) = (time(nil), tm())
    localtime_r(&now, &parts)
    var buffer = [CChar](repeating: 0, count: 64)
    let length = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
