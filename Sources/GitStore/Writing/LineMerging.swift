// Two changes of one text put together, line by line.

package import Approval
import CLibgit2

/// What holds where two changes are about the same lines.
package enum MeetingChanges: Sendable {
  /// The second one.
  case theirs
  /// Neither: there is no merged text then.
  case neither
}

extension Repository {
  /// The text that has both changes of `base`, or nil when they cannot be put together by lines.
  package func merged(
    base: ObjectID, _ ours: ObjectID, _ theirs: ObjectID, whereTheyMeet meeting: MeetingChanges
  ) throws(GitError) -> [UInt8]? {
    let texts = try [base, ours, theirs].map { id throws(GitError) in
      try store.blob(id, limit: .max)
    }
    guard texts.allSatisfy({ !$0.contains(0) }) else { return nil }
    return try store.merged(base: texts[0], texts[1], texts[2], whereTheyMeet: meeting)
  }
}

extension ObjectStore {
  /// The lines of both changes of `base`.
  func merged(
    base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8], whereTheyMeet meeting: MeetingChanges
  ) throws(GitError) -> [UInt8]? {
    var result = git_merge_file_result()
    let code = base.withUnsafeBytes { base in
      ours.withUnsafeBytes { ours in
        theirs.withUnsafeBytes { theirs in
          var inputs = (Self.input(base), Self.input(ours), Self.input(theirs))
          var options = git_merge_file_options()
          git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION))
          if meeting == .theirs { options.favor = GIT_MERGE_FILE_FAVOR_THEIRS }
          return git_merge_file(&result, &inputs.0, &inputs.1, &inputs.2, &options)
        }
      }
    }
    guard code >= 0 else { throw GitLibrary.failure("merge two changes", code) }
    defer { git_merge_file_result_free(&result) }
    guard result.automergeable != 0 else { return nil }
    guard let bytes = result.ptr, result.len > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: result.len))
  }

  private static func input(_ bytes: UnsafeRawBufferPointer) -> git_merge_file_input {
    var input = git_merge_file_input()
    git_merge_file_input_init(&input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
    input.ptr = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    input.size = bytes.count
    return input
  }
}
