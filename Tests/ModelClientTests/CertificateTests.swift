// TLS: who signed the certificate and which host it names, against OpenSSL's own server.

import Glibc
import Testing

@testable import ModelClient

private let hasOpenSSL = access("/usr/bin/openssl", X_OK) == 0

@Suite(.enabled(if: hasOpenSSL, "openssl is not installed"), .timeLimit(.minutes(1)))
struct CertificateTests {
  /// Serves status pages with a fresh certificate for `address`.
  private func serve(
    _ address: String, _ directory: TemporaryDirectory
  ) throws -> (server: ChildProcess, url: String) {
    let (key, certificate) = ("\(directory.path)/key.pem", "\(directory.path)/cert.pem")
    let made = try ChildProcess([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", key, "-out", certificate, "-subj", "/CN=x", "-days", "1", "-addext",
      "subjectAltName=IP:\(address)",
    ])
    #expect(made.wait() == 0)
    let server = try ChildProcess([
      "openssl", "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www",
    ])
    let line = try server.line(within: 20) { $0.hasPrefix("ACCEPT ") }
    return (server, "https://\(line.dropFirst("ACCEPT ".count))")
  }

  private func reason(_ url: String, caFile: String?) async -> ModelError.Reason? {
    do throws(ModelError) {
      _ = try await ModelConnection.open(
        EndpointConfiguration(name: "x", url: url, caFile: caFile, attestedBy: "Ada"),
        over: CurlTransport())
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func `only the configured authority is trusted, and only for its host`() async throws {
    let directory = try TemporaryDirectory()
    let (server, url) = try serve("127.0.0.1", directory)
    guard case .untrustedCertificate? = await reason(url, caFile: nil) else {
      Issue.record("a certificate of nobody was trusted")
      return
    }
    // It is trusted now; that OpenSSL's server lists no models comes after.
    guard case .notUnderstood? = await reason(url, caFile: "\(directory.path)/cert.pem") else {
      Issue.record("the configured certificate was not trusted")
      return
    }
    _ = server
    let elsewhere = try TemporaryDirectory()
    let (other, otherURL) = try serve("127.0.0.2", elsewhere)
    guard
      case .untrustedCertificate? = await reason(otherURL, caFile: "\(elsewhere.path)/cert.pem")
    else {
      Issue.record("a certificate for another host was trusted")
      return
    }
    _ = other
  }
}
