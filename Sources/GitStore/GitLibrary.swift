// libgit2 made safe to hold: started once, pointers that free themselves, errors read where they happen.

package import Approval
import CLibgit2
import Glibc

/// The process-wide state of libgit2.
enum GitLibrary {
  /// Started once: objects and refs are synced to disk, object names verified on reading.
  private static let startCode: Int32 = {
    let code = git_libgit2_init()
    guard code >= 0 else { return code }
    let synced = cs_git_enable_fsync(1)
    return synced < 0 ? synced : min(0, cs_git_enable_strict_objects(1))
  }()

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

extension ObjectID {
  /// The name that a blob of these bytes has; writes nothing.
  init(ofBlob bytes: [UInt8]) throws(GitError) {
    var oid = git_oid()
    try GitLibrary.check("name a blob") {
      bytes.withUnsafeBytes { git_odb_hash(&oid, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
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
