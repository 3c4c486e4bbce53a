// Signatures under approvals, made and checked by ssh-keygen.

import AuditLog
import GitStore
import Glibc

/// What a signature under an approval came to.
package enum SignatureStanding: Hashable, Sendable {
  /// There is none.
  case unsigned
  /// By one whom the allowed signers name.
  case good(principal: String)
  /// The signature holds, but nobody vouches for the key; the words of ssh-keygen about it.
  case unknownKey(String)
  /// It is not of this record.
  case bad(String)
  /// It could not be looked at.
  case unchecked(String)
}

/// Signs approval records with the user's SSH key, and checks such signatures.
///
/// What is signed is the record's line, byte for byte, in a namespace of our own, so that no signature made for anything else can pass for
/// one. The key may be in an agent or on a token that asks for a touch.
struct ApprovalSigning: Sendable {
  static let namespace = "countersign-approval"
  private static let armour = "-----BEGIN SSH SIGNATURE-----"

  let surroundings: Surroundings

  private var settings: Configuration.Commit { surroundings.configuration.commit }

  /// The armoured signature under a record; nil where no key is configured.
  ///
  /// Cancelling the task stops it.
  func signature(of record: ChainRecord) async throws -> [UInt8]? {
    guard let key = settings.signingKey else { return nil }
    let result = try await run(
      ["-Y", "sign", "-f", String(decoding: key, as: UTF8.self), "-n", Self.namespace],
      input: record.line)
    if result.status == .cancelled { throw CancellationError() }
    guard result.status == .exited(0), Self.isArmoured(result.output) else {
      throw CommitRefusal(
        description:
          "The approval could not be signed: \(Self.words(result)). Is the key loaded (ssh-add), or readable without a passphrase?"
      )
    }
    guard surroundings.configuration.policy.requiresSignedApprovals else { return result.output }
    switch await standing(of: result.output, under: record) {
    case .good: return result.output
    case .unsigned: throw CommitRefusal(description: "ssh-keygen made no signature.")
    case .unknownKey(let words), .bad(let words), .unchecked(let words):
      throw CommitRefusal(
        description:
          "Your policy asks for an approval signed by one of allowed_signers, and this one is not: \(words)"
      )
    }
  }

  /// Checks a signature under a record; `signature` is as it was armoured.
  func standing(of signature: [UInt8]?, under record: ChainRecord) async -> SignatureStanding {
    guard let signature else { return .unsigned }
    guard Self.isArmoured(signature) else { return .bad("it is no SSH signature") }
    do {
      return try await withFile(signature) { path in
        let check = try await run(
          ["-Y", "check-novalidate", "-n", Self.namespace, "-s", path], input: record.line)
        guard check.status == .exited(0) else { return .bad(Self.words(check)) }
        guard let allowed = settings.allowedSigners.map({ String(decoding: $0, as: UTF8.self) })
        else { return .unknownKey(Self.words(check)) }
        let found = try await run(["-Y", "find-principals", "-s", path, "-f", allowed], input: [])
        let principals = String(decoding: found.output, as: UTF8.self).split(separator: "\n")
        for principal in principals where found.status == .exited(0) {
          let verified = try await run(
            [
              "-Y", "verify", "-f", allowed, "-I", String(principal), "-n", Self.namespace, "-s",
              path,
            ], input: record.line)
          if verified.status == .exited(0) { return .good(principal: String(principal)) }
        }
        return .unknownKey(Self.words(check))
      }
    } catch {
      return .unchecked("\(error)")
    }
  }

  private func withFile(
    _ signature: [UInt8], _ body: (String) async throws -> SignatureStanding
  ) async throws -> SignatureStanding {
    let directory = surroundings.locations.state + Array("/signatures".utf8)
    try PrivateDirectory.ensure(directory)
    let name = "\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    let path = directory + Array("/\(name)".utf8)
    let file = try OpenFile(
      "keep the signature in", path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600,
      calls: .system)
    defer { unlink(String(decoding: path, as: UTF8.self)) }
    try file.write(signature)
    return try await body(String(decoding: path, as: UTF8.self))
  }

  private func run(_ arguments: [String], input: [UInt8]) async throws -> ChildResult {
    let path = (surroundings.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    let candidates = path.filter { $0.hasPrefix("/") }.map { "\($0)/ssh-keygen" }
    guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw CommitRefusal(description: "There is no ssh-keygen in the PATH.")
    }
    var child = ChildProcess(
      executable: program, arguments: arguments, environment: surroundings.environment,
      directory: "/")
    child.input = input
    child.outputLimit = 1 << 16
    return try await child.run()
  }

  /// Whether these bytes are one armoured signature and nothing else.
  static func isArmoured(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasPrefix("\(armour)\n") && text.hasSuffix("\n-----END SSH SIGNATURE-----\n")
      // ssh-keygen would take the first of two.
      && text.split(separator: "\n").count { $0.hasPrefix("-----") } == 2
      && text.utf8.allSatisfy { $0 == 10 || (0x20..<0x7F).contains($0) }
  }

  private static func words(_ result: ChildResult) -> String {
    let bytes = result.errorOutput.isEmpty ? result.output : result.errorOutput
    let line = bytes.split(separator: 10).first.map { Array($0) } ?? []
    return line.isEmpty ? "ssh-keygen \(result.status)" : DisplayedBytes.text(of: line, limit: 200)
  }
}
