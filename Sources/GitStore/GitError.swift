// What can go wrong with a repository: what we tried, on what, and what was said.

package import Approval

/// A property of a repository or of a path in it that we cannot treat faithfully.
package enum UnsupportedFeature: String, Hashable, Sendable, CaseIterable {
  case sha256, reftable, partialClone, worktreeConfigV1, relativeWorktrees, preciousObjects
  case otherExtension, splitIndex, sparseIndex, sparseCheckout, safeDirectoryWildcard
  case separateWorktree, filter, workingTreeEncoding, ident, lineEndings, submodule
  case conditionalConfiguration, pathNotText

  /// What it is and what to do about it, to go after "this repository uses".
  var advice: String {
    switch self {
    case .sha256: "SHA-256 object names; use a clone in the SHA-1 format"
    case .reftable: "the reftable format for refs; use a clone with refs in files"
    case .partialClone:
      "a partial clone, whose objects may be missing; fetch them all with "
        + "`git fetch --refetch --no-filter` and remove the promisor settings"
    case .worktreeConfigV1:
      "configuration per worktree in a version 1 repository; set "
        + "core.repositoryFormatVersion to 0 if no other extension needs 1"
    case .relativeWorktrees:
      "relative worktree links; run `git worktree repair` with worktree.useRelativePaths off"
    case .preciousObjects: "precious objects; use a clone without that extension"
    case .otherExtension: "an extension that is not known here; use a clone without it"
    case .splitIndex: "a split index; run `git update-index --no-split-index`"
    case .sparseIndex: "a sparse index; run `git sparse-checkout init --no-sparse-index`"
    case .sparseCheckout: "a sparse checkout; run `git sparse-checkout disable`"
    case .safeDirectoryWildcard:
      "a safe.directory setting with a wildcard, or belongs to somebody else; add its exact path "
        + "with `git config --global --add safe.directory <path>`"
    case .separateWorktree:
      "a worktree that git and libgit2 see in different places; check core.worktree"
    case .filter: "a content filter on a touched path; commit that path with git"
    case .workingTreeEncoding: "working-tree-encoding on a touched path; commit it with git"
    case .ident: "the ident attribute on a touched path; commit that path with git"
    case .lineEndings:
      "line-ending conversion on a touched path that would hold CR LF; commit it with git"
    case .submodule: "a submodule on a touched path; commit that path with git"
    case .conditionalConfiguration:
      "configuration that depends on the git directory and would not hold for hooks here"
    case .pathNotText: "a directory whose name is not UTF-8; use another path to it"
    }
  }
}

/// Why a path may not be written.
package enum PathViolation: Hashable, Sendable {
  case empty, absolute, dotComponent, gitDirectory, controlByte, tooLong
  /// Another path in the tree differs only in case or normalisation.
  case twin(of: RepositoryPath)
  /// A file stands where a directory would be needed, or the other way round.
  case fileDirectoryConflict
}

/// Every error of reading and writing a repository.
package enum GitError: Error, Hashable, Sendable {
  case noRepository(directory: String)
  /// A bare repository, or a start inside a git directory.
  case noWorktree(directory: String)
  /// No commit has that name, or the branch has none yet.
  case unknownRevision(String, isUnborn: Bool)
  case unsupported(UnsupportedFeature, detail: String)
  case foreignOwner(directory: String, message: String)
  case gitMissing(searchPath: String)
  case gitTooOld(version: String)
  /// A git command ended otherwise than well.
  case command(arguments: [String], status: ExitStatus, message: String)
  case child(ChildProcessError)
  /// libgit2 refused; `attempt` completes "could not".
  case library(attempt: String, code: Int32, message: String)
  case system(attempt: String, path: String, code: Int32)
  case path(RepositoryPath, PathViolation)
  case unknownMode(RepositoryPath, mode: UInt32)
  case tooLarge(ObjectID, byteCount: Int, limit: Int)
  /// git or a file said something that we do not understand.
  case unexpected(source: String, answer: String)
}

extension GitError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noRepository(let directory):
      "There is no git repository at \(directory) or above it; start in one, or make one "
        + "with `git init`."
    case .unknownRevision(let expression, isUnborn: false):
      "\(expression) names no commit here; `git log` and `git branch` show what there is."
    case .unknownRevision(let expression, isUnborn: true):
      "\(expression) names no commit: nothing is committed on this branch yet."
    case .noWorktree(let directory):
      "The repository at \(directory) is bare or this is its git directory; start in a "
        + "directory that has files checked out."
    case .unsupported(let feature, let detail):
      "This repository uses \(feature.advice)" + (detail.isEmpty ? "." : " (\(detail)).")
    case .foreignOwner(let directory, let message):
      "The repository at \(directory) belongs to somebody else, and git refuses it: \(message)."
    case .gitMissing(let searchPath):
      "There is no git command in \(searchPath); install git 2.36 or later."
    case .gitTooOld(let version):
      "git is \(version), but 2.36 or later is needed to run hooks; install a later one."
    case .command(let arguments, let status, let message):
      "`git \(arguments.joined(separator: " "))` \(status.sentence)"
        + (message.isEmpty ? "." : ": \(message)")
    case .child(let error): error.description
    case .library(let attempt, _, let message):
      "Could not \(attempt): \(message)"
        + (message.contains("nesting too deep")
          ? "; libgit2 reads at most a hundred levels of directories, so commit here with git."
          : message.hasSuffix(".") ? "" : ".")
    case .system(let attempt, let path, let code):
      "Could not \(attempt)" + (path.isEmpty ? "" : " \(path)") + ": \(systemMessage(code))."
    case .path(let path, let violation):
      "The path \(quoted(path)) cannot be written: \(violation.reason). \(violation.remedy)"
    case .unknownMode(let path, let mode):
      "The tree entry \(quoted(path)) has mode \(String(mode, radix: 8)), which git does not "
        + "write any more; check the tree with `git fsck`."
    case .tooLarge(let id, let byteCount, let limit):
      "The object \(id) has \(byteCount) bytes, more than the \(limit) allowed."
    case .unexpected(let source, let answer):
      "Did not understand what \(source) said: \(answer)."
    }
  }
}

extension GitError {
  /// Whether it is what is approved that cannot be committed, so that another decision helps.
  package var isAboutContent: Bool {
    switch self {
    case .path, .unsupported(.submodule, _), .unknownMode: true
    default: false
    }
  }
}

extension ExitStatus {
  var sentence: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let signal): "was killed by signal \(signal)"
    case .timedOut: "took too long and was stopped"
    case .cancelled: "was cancelled"
    }
  }
}

extension PathViolation {
  var reason: String {
    switch self {
    case .empty: "a component is empty"
    case .absolute: "it is absolute"
    case .dotComponent: "it has a component `.` or `..`"
    case .gitDirectory: "a component would be read as `.git`"
    case .controlByte: "it has a control character"
    case .tooLong: "it is too long"
    case .twin(let other): "it differs from \(quoted(other)) only in case or normalisation"
    case .fileDirectoryConflict: "a file and a directory would have the same name"
    }
  }

  /// What to do instead, as a sentence.
  var remedy: String {
    switch self {
    case .fileDirectoryConflict:
      "Approve the deletion of what is in the way too, or reject this one."
    case .twin: "Reject it, or approve the deletion of the other one too."
    case .controlByte, .tooLong: "Reject it, or commit it with git itself."
    case .empty, .absolute, .dotComponent, .gitDirectory: "Reject it."
    }
  }

  /// Whether such a path may still be taken out of a tree that has it: nothing is written under that name then.
  var mayBeRemoved: Bool {
    switch self {
    case .controlByte, .tooLong: true
    case .empty, .absolute, .dotComponent, .gitDirectory, .twin, .fileDirectoryConflict: false
    }
  }
}

/// The path for a message: printable ASCII as it is, every other byte as \xHH.
func quoted(_ path: RepositoryPath) -> String {
  let digits = Array("0123456789abcdef")
  var text = "`"
  for byte in path.bytes {
    if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\\") {
      text.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      text += "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
  }
  return text + "`"
}
