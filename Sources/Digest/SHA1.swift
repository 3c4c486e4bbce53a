// SHA-1 over bytes, from libcrypto, which uses the processor's instructions for it: what git names objects by.

import CCrypto

/// SHA-1 of several pieces of bytes, one after the other. Says whether content has the name that git gave it; it is no protection against
/// somebody who makes two contents of one name.
package struct SHA1Digest: Hashable, Sendable {
  /// The 20 bytes of the digest.
  package let bytes: [UInt8]

  /// Returns the digest of `head` followed by `content`. O(bytes).
  package static func of(_ head: [UInt8], _ content: UnsafeRawBufferPointer) -> SHA1Digest {
    var digest = [UInt8](repeating: 0, count: 20)
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    let isDone =
      EVP_DigestInit_ex(context, algorithm, nil) == 1
      && EVP_DigestUpdate(context, head, head.count) == 1
      && EVP_DigestUpdate(context, content.baseAddress, content.count) == 1
      && EVP_DigestFinal_ex(context, &digest, nil) == 1
    precondition(isDone, "libcrypto has no SHA-1 or no memory")
    return SHA1Digest(bytes: digest)
  }

  /// Fetched once: looking for it costs more than the digest of a short file.
  ///
  /// `nonisolated(unsafe)`: a fetched algorithm never changes, and OpenSSL 3 lets threads share it (EVP_MD_fetch(3), openssl-threads(7)).
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA1", nil)
}
