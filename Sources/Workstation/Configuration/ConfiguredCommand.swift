// A program that the user's configuration names.

/// What to run, as the user wrote it. Nothing else is ever run on the word of a file.
package enum ConfiguredCommand: Hashable, Sendable {
  /// A line for `/bin/sh -c`.
  case shell(String)
  /// A program with its arguments, without a shell.
  case program(String, arguments: [String])

  /// The arguments to start it with, the program first.
  package var arguments: [String] {
    switch self {
    case .shell(let line): ["/bin/sh", "-c", line]
    case .program(let program, let arguments): [program] + arguments
    }
  }
}
