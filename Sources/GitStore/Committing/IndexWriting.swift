// The private checkout's index, written with what is known of its files, so that no filter runs to find out.

import Approval
import CLibgit2

extension PrivateCheckout {
  /// Writes an index that holds `listing` and finds every file as written.
  func writeIndex(_ listing: TreeListing) throws(GitError) {
    let path = "\(gitDirectory)/index"
    let index = try OwnedPointer("make the index \(path)", free: git_index_free) {
      git_index_open(&$0, path)
    }
    for (path, state) in listing.sorted(by: { $0.key < $1.key }) {
      var entry = git_index_entry()
      entry.mode = state.mode.rawValue
      entry.id = state.blob.oid
      if let file = fingerprints[path], state.mode != .submodule {
        // The index keeps the low 32 bits of each.
        entry.dev = UInt32(truncatingIfNeeded: file.device)
        entry.ino = UInt32(truncatingIfNeeded: file.inode)
        entry.uid = file.owner
        entry.gid = file.group
        entry.file_size = UInt32(truncatingIfNeeded: file.byteCount)
        entry.mtime = indexTime(file.modified)
        entry.ctime = indexTime(file.changed)
      }
      let name = path.bytes.map { CChar(bitPattern: $0) } + [0]
      try GitLibrary.check("add \(quoted(path)) to the index") {
        name.withUnsafeBufferPointer {
          entry.path = $0.baseAddress
          return git_index_add(index.raw, &entry)
        }
      }
    }
    try GitLibrary.check("write the index \(path)") { git_index_write(index.raw) }
  }

  private func indexTime(_ time: FileFingerprint.Time) -> git_index_time {
    git_index_time(
      seconds: Int32(truncatingIfNeeded: time.seconds),
      nanoseconds: UInt32(truncatingIfNeeded: time.nanoseconds))
  }
}
