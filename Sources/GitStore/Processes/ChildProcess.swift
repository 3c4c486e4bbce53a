// A child process: arguments, environment, directory and terminal in; status and output out.

/// How a child ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)
  /// Killed by us after the time it was given.
  case timedOut
  /// Killed by us because the task was cancelled.
  case cancelled
}

/// What a child that ran left behind.
package struct ChildResult: Hashable, Sendable {
  package let status: ExitStatus
  package let output: [UInt8]
  package let errorOutput: [UInt8]
  /// Whether output beyond the limit was dropped.
  package let isTruncated: Bool

  /// The error output as text without the final line end, for messages.
  var message: String {
    var bytes = errorOutput
    while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Why a child could not be run at all.
package enum ChildProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A system call failed; `attempt` says which and on what.
  case system(attempt: String, code: Int32)

  package var description: String {
    switch self {
    case .system(let attempt, let code):
      "Could not \(attempt): \(systemMessage(code))."
    }
  }
}

/// A program to be run once.
///
/// The child leads a session of its own and has no terminal unless it is given one; it has no descriptor but 0 to 2, no blocked signal, and
/// default signal dispositions. Cancelling the task that waits kills the group.
package struct ChildProcess: Sendable {
  /// What the child has to do with a terminal; the paths name a pseudo-terminal's device.
  package enum Terminal: Hashable, Sendable {
    case none
    /// It can be opened as /dev/tty for a prompt; the standard streams are pipes.
    case controlling(String)
    /// The standard streams too.
    case standard(String)

    package var path: String? {
      switch self {
      case .none: nil
      case .controlling(let path), .standard(let path): path
      }
    }
  }

  /// An absolute path: no search.
  package var executable: String
  /// Without the program's own name.
  package var arguments: [String]
  /// The whole environment.
  package var environment: [String: String]
  package var directory: String
  /// Bytes for standard input, which is closed after them; unused with `.standard`.
  package var input: [UInt8] = []
  package var terminal = Terminal.none
  /// Bytes kept per stream.
  package var outputLimit = 256 << 20
  package var timeout: Duration?
  /// Whether what the child started, and left running in its process group, is killed when it ends.
  package var endsGroup = false
  /// Whether cancelling the waiting task kills the child; what must not stop half-way says no.
  package var isCancellable = true

  package init(
    executable: String, arguments: [String], environment: [String: String], directory: String
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }

  /// Runs the program to its end on a thread of its own; `receive` gets output of both streams as it comes, on that thread.
  ///
  /// Output that a background process of the child writes after the child's end is not waited for.
  package func run(
    receive: @escaping @Sendable ([UInt8]) -> Void = { _ in }
  ) async throws(ChildProcessError) -> ChildResult {
    let stop = try StopSwitch()
    guard isCancellable else { return try await wait(stop, receive).get() }
    let result = await withTaskCancellationHandler {
      await wait(stop, receive)
    } onCancel: {
      stop.press()
    }
    return try result.get()
  }

  private func wait(
    _ stop: StopSwitch, _ receive: @escaping @Sendable ([UInt8]) -> Void
  ) async -> Result<ChildResult, ChildProcessError> {
    await withCheckedContinuation { continuation in
      let code = startThread {
        continuation.resume(returning: RunningChild.run(self, stop: stop, receive: receive))
      }
      if code != 0 {
        continuation.resume(
          returning: .failure(.system(attempt: "start a thread for a child", code: code)))
      }
    }
  }
}

/// A pipe that tells the waiting thread to stop; a byte in it means cancelled.
final class StopSwitch: Sendable {
  private let ends: (read: OwnedDescriptor, write: OwnedDescriptor)

  init() throws(ChildProcessError) {
    ends = try OwnedDescriptor.pipe()
  }

  var descriptor: Int32 { ends.read.raw }

  func press() { ends.write.writeByte() }
}
