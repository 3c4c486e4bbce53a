// The user's settings as a plain value, with the defaults that hold without a file.

package import Approval
package import Review

/// Everything that `config.toml` can say. Made by `load(environment:)` or `parse(_:path:home:)`.
package struct Configuration: Hashable, Sendable {
  /// The file it was read from; nil when there was none and all defaults hold.
  package var path: [UInt8]?
  /// In the order of the file. Names are distinct.
  package var endpoints: [ConfiguredEndpoint] = []
  /// The name of one of `endpoints`; nil leaves the choice to the screen.
  package var defaultEndpoint: String?
  package var theme = "default"
  package var keys = Keys()
  package var review = Reading()
  package var commit = Commit()
  package var worktree = Worktree()
  /// Sorted by name.
  package var checks: [Check] = []
  package var policy = Policy()
  /// How long a lone Escape waits for more of an escape sequence. 0 to 1000.
  package var escapeDelayMilliseconds = 50

  package init() {}

  /// The table `[keys]`.
  package struct Keys: Hashable, Sendable {
    /// Names of keys and the command they are bound to, as written; see `keymap`.
    package struct Binding: Hashable, Sendable {
      package var key: String
      package var command: String
      /// The 1-based line in the file, for errors.
      package var line: Int
    }

    package var preset = KeymapPreset.default
    /// On top of the preset, in the order of the file.
    package var bindings: [Binding] = []
  }

  /// The table `[review]`.
  package struct Reading: Hashable, Sendable {
    /// 1 to 16.
    package var tabWidth = 4
    /// Unchanged lines around a hunk, 0 to 200.
    package var contextLines = 3
    package var wrapsLines = true
    /// Text files above are decided as a whole. 1 to 1024.
    package var wholeFileLimitMegabytes = 20
    /// How often an edit that could not be placed is asked for again without being told to. 0 to 2.
    package var repairs = 2
  }

  /// The table `[commit]`.
  package struct Commit: Hashable, Sendable {
    /// Whether `Assisted-by` and `Countersign-Record` are added to messages.
    package var addsTrailers = true
    /// Whether a commit's approvals are kept as a note under `refs/notes/countersign`, for clones.
    package var writesNotes = true
    /// The SSH key, or its public half, that approvals are signed with; nil signs none.
    package var signingKey: [UInt8]?
    /// Whose keys `verify` knows, as in `ssh-keygen(1)`, ALLOWED SIGNERS.
    package var allowedSigners: [UInt8]?
    /// Whether commits land on a branch of their own instead of the current one.
    package var usesSideBranch = false
  }

  /// The table `[worktree]`.
  package struct Worktree: Hashable, Sendable {
    /// Run in a fresh worktree before checks and hooks.
    package var setupCommand: ConfiguredCommand?
    /// Paths relative to the worktree's top that are linked from the user's checkout.
    package var linkPaths: [[UInt8]] = []
  }

  /// One entry of the table `[checks]`.
  package struct Check: Hashable, Sendable {
    package var name: String
    package var command: ConfiguredCommand
    /// 1 to 86400.
    package var timeoutSeconds = 600
    /// Whether nothing is committed of which this check has not said that it passes.
    package var isRequired = false
  }

  /// The table `[policy]`.
  package struct Policy: Hashable, Sendable {
    /// Path patterns that are class *warn* besides the built-in ones.
    package var protectedPaths: [PathPattern] = []
    /// Path patterns where nothing may change: no commit touches them.
    package var forbiddenPaths: [PathPattern] = []
    /// Whether a commit is refused once the branch has moved past the base, even where every hunk
    /// would place exactly.
    package var requiresUntouchedTip = false
    /// Whether nothing is committed, and nothing counts as verified, whose approval is not signed.
    package var requiresSignedApprovals = false
    /// Of the changed lines that a commit approves, how many in a hundred the session's ledger has to show as drawn, 0 to 100. What is
    /// decided on as a whole has no lines.
    package var minimumShownPercent = 0
    /// Whether checks refuse to run when they cannot be kept off the network.
    package var isolatesChecks = true
    /// After how many days a finished session is purged, 1 to 3650; nil keeps it.
    package var sessionExpiryDays: Int?
  }

  /// The endpoint of that name.
  package func endpoint(named name: String) -> ConfiguredEndpoint? {
    endpoints.first { $0.name == name }
  }
}
