// libgit2 made safe to hold: started once, pointers that free themselves, errors read where they happen.

package import Approval
import CLibgit2
import Digest
import Glibc

/// The process-wide state of libgit2.
enum GitLibrary {
  /// Started once: objects and refs are synced to disk, and nothing is written that names an object which is not there.
  ///
  /// That an object is what its name says is verified by `ObjectStore`, whenever it reads one.
  private static let startCode: Int32 = {
    let code = git_libgit2_init()
    guard code >= 0 else { return code }
    for set in [
      cs_git_enable_fsync(1), cs_git_enable_strict_creation(1), cs_git_enable_hash_verification(0),
      cs_git_set_cache_limit(GIT_OBJECT_TREE, largestCached),
      cs_git_set_cache_limit(GIT_OBJECT_COMMIT, largestCached),
    ] where set < 0 { return set }
    return 0
  }()

  /// Trees and commits up to so many bytes stay in libgit2's memory once they were read: what `ObjectStore` verified is what is used then,
  /// and nothing is read twice. libgit2 itself keeps no more than 4 KiB.
  private static let largestCached = 64 << 20

  /// Starts the library on a thread of its own, beside whatever else the program has to begin with.
  static func startEarly() { _ = startThread { _ = startCode } }

  static func start() throws(GitError) {
    let code = startCode
    guard code >= 0 else {
      throw .library(attempt: "start libgit2", code: code, message: "initialisation failed")
    }
  }

  /// The error of the libgit2 call that just returned `code` on this thread.
  ///
  /// `git_error_last` is thread-local: call without any suspension in between.
  static func failure(_ attempt: String, _ code: Int32) -> GitError {
    let message = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) }
    return .library(attempt: attempt, code: code, message: message ?? "no reason given")
  }

  static func check(
    _ attempt: @autoclosure () -> String, _ call: () -> Int32
  ) throws(GitError) {
    let code = call()
    guard code >= 0 else { throw failure(attempt(), code) }
  }
}

/// A libgit2 object that is ours to free.
struct OwnedPointer: ~Copyable {
  let raw: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  /// Takes what `make` gives; `free` is called once, when the value goes.
  init(
    _ attempt: @autoclosure () -> String, free: @escaping (OpaquePointer?) -> Void,
    make: (inout OpaquePointer?) -> Int32
  ) throws(GitError) {
    var pointer: OpaquePointer?
    let code = make(&pointer)
    guard code >= 0, let pointer else { throw GitLibrary.failure(attempt(), code) }
    raw = pointer
    self.free = free
  }

  deinit { free(raw) }
}

/// What an object is, in git's words.
enum ObjectKind: String {
  case blob
  case tree
  case commit

  var code: git_object_t {
    switch self {
    case .blob: GIT_OBJECT_BLOB
    case .tree: GIT_OBJECT_TREE
    case .commit: GIT_OBJECT_COMMIT
    }
  }
}

extension ObjectID {
  /// The name that a blob of these bytes has; writes nothing.
  init(ofBlob bytes: [UInt8]) throws(GitError) {
    self = try bytes.withUnsafeBytes { bytes in
      Result { () throws(GitError) in try ObjectID(ofObject: .blob, detectingCollisionsIn: bytes) }
    }.get()
  }

  /// The name that an object of these bytes has; others may have been made to share it.
  init(ofObject kind: ObjectKind, _ bytes: UnsafeRawBufferPointer) {
    var oid = git_oid()
    let digest = SHA1Digest.of(Array("\(kind.rawValue) \(bytes.count)\0".utf8), bytes).bytes
    withUnsafeMutableBytes(of: &oid.id) { $0.copyBytes(from: digest) }
    self = ObjectID(oid)
  }

  /// The name that an object of these bytes has. Throws for bytes that were made to share a name with others.
  init(
    ofObject kind: ObjectKind, detectingCollisionsIn bytes: UnsafeRawBufferPointer
  ) throws(GitError) {
    var oid = git_oid()
    try GitLibrary.check("name a \(kind.rawValue)") {
      git_odb_hash(&oid, bytes.baseAddress, bytes.count, kind.code)
    }
    self = ObjectID(oid)
  }
}

extension ObjectID {
  init(_ oid: git_oid) {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 41) { buffer in
      var oid = oid
      git_oid_tostr(buffer.baseAddress, 41, &oid)
      return String(cString: buffer.baseAddress!)
    }
    guard let id = ObjectID(hex: text) else {
      preconditionFailure("libgit2 wrote an object name that is none")
    }
    self = id
  }

  var oid: git_oid {
    var oid = git_oid()
    let code = git_oid_fromstr(&oid, hex)
    precondition(code == 0, "an object name of 40 digits that libgit2 does not read")
    return oid
  }

  /// The name of the tree without entries, which git always knows.
  package static let emptyTree = ObjectID(hex: "4b825dc642cb6eb9a060e54bf8d69288fbee4904")!
}

// HACK: libgit2 1.5 reads the system's certificates whenever it starts, nine milliseconds, for transports that Countersign never uses; no
// option of it says otherwise. These two definitions take the place of those in libmbedx509, for everything in this process: libgit2 then
// trusts nobody over TLS. (Requests to a model go over libcurl, which Debian builds with OpenSSL.) A libgit2 that reads certificates with
// its first connection makes them needless.

/// Reads no certificate: the answer says that all of none were read.
@_cdecl("mbedtls_x509_crt_parse_file")
package func trustNobody(chain: OpaquePointer?, file: UnsafePointer<CChar>?) -> Int32 { 0 }

/// Reads no directory of certificates.
@_cdecl("mbedtls_x509_crt_parse_path")
package func trustNobodyOf(chain: OpaquePointer?, directory: UnsafePointer<CChar>?) -> Int32 { 0 }
