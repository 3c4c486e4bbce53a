// Endpoints that lead elsewhere than they look: addresses, spellings, names, sockets, detours.

import Glibc
import Synchronization

@testable import ModelClient

/// Tries `url` where every address is the counting server.
func addressed(
  _ name: String, _ url: String, listed: [String] = []
) -> Disguise {
  Disguise("\(name): \(url)") {
    let server = try countingServer()
    let refusal = try await sendSource(
      EndpointConfiguration(name: "x", url: url, listed: listed),
      over: try EverywhereTransport(server), in: lookups { _ in ["10.1.2.3"] })
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  }
}

/// Tries the listed name `model.lan`, whose addresses `answers` gives for the first lookup and on.
private func named(_ name: String, _ answers: [[String]]) -> Disguise {
  Disguise(name) {
    let server = try countingServer()
    let transport = try EverywhereTransport(server)
    let surroundings = lookups { count in answers[min(count, answers.count - 1)] }
    let configuration = EndpointConfiguration(
      name: "x", url: "http://model.lan:8080", listed: ["model.lan"])
    // All lookups but the last belong to connections that were opened before and sent nothing.
    for _ in answers.dropLast() {
      _ = try await ModelConnection.open(configuration, over: transport, in: surroundings)
    }
    let refusal = try await sendSource(configuration, over: transport, in: surroundings)
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  }
}

/// Lookups that are answered by how many came before; sockets are the system's.
private func lookups(
  _ answer: @escaping @Sendable (Int) -> [String]
) -> PrivacyGuard.Surroundings {
  let count = Mutex(0)
  return PrivacyGuard.Surroundings(
    resolve: { _ throws(PolicyRefusal) in
      let before = count.withLock { count in
        defer { count += 1 }
        return count
      }
      return answer(before).compactMap { IPAddress($0) }
    }, inspectSocket: PrivacyGuard.Surroundings.system.inspectSocket)
}

let addressDisguises: [Disguise] =
  [
    addressed("public address", "http://93.184.216.34:8080"),
    addressed("public address, listed", "http://93.184.216.34", listed: ["93.184.216.34"]),
    addressed("public address in a listed range", "https://93.184.216.34", listed: ["0.0.0.0/0"]),
    addressed("public IPv6 address, listed", "http://[2606:4700::1]", listed: ["::/0"]),
    addressed("private address, not listed", "http://10.9.9.9:8080", listed: ["10.1.2.3"]),
    addressed("name, not listed", "http://api.model.example"),
    addressed("name that begins like loopback", "http://127.0.0.1.model.example"),
    addressed("name that begins like localhost", "http://localhost.model.example"),
    addressed("metadata service, listed", "http://169.254.169.254", listed: ["169.254.0.0/16"]),
    addressed("metadata service by IPv6", "http://[fd00:ec2::254]", listed: ["fd00::/8"]),
    addressed("another cloud's metadata service", "http://[fd20:ce::254]", listed: ["fd00::/8"]),
    addressed("link-local address, listed", "http://[fe80::1]", listed: ["fe80::/10"]),
    addressed("link-local address with a zone", "http://[fe80::1%25eth0]"),
    addressed("public address mapped into IPv6", "http://[::ffff:93.184.216.34]", listed: ["::/0"]),
    addressed("the same in hexadecimal", "http://[::FFFF:5db8:d822]", listed: ["::/0"]),
    addressed("metadata service mapped into IPv6", "http://[::ffff:169.254.169.254]"),
    addressed("IPv4-compatible address", "http://[::93.184.216.34]", listed: ["::/0"]),
    addressed("NAT64", "http://[64:ff9b::5db8:d822]", listed: ["64:ff9b::/96"]),
    addressed("NAT64 of one's own", "http://[64:ff9b:1::a9fe:a9fe]", listed: ["64:ff9b:1::/48"]),
    addressed("6to4", "http://[2002:5db8:d822::1]", listed: ["2002::/16"]),
    addressed("Teredo", "http://[2001:0:5db8:d822::1]", listed: ["2001::/32"]),
    addressed("carrier's address, listed", "http://100.64.0.1", listed: ["100.64.0.0/10"]),
    addressed("any address", "http://0.0.0.0:8080", listed: ["0.0.0.0"]),
    addressed("any IPv6 address", "http://[::]:8080", listed: ["::"]),
    addressed("multicast", "http://224.0.0.1", listed: ["224.0.0.0/4"]),
    addressed("decimal spelling", "http://1572395042"),
    addressed("octal spelling", "http://0135.0270.0330.042"),
    addressed("hexadecimal spelling", "http://0x5db8d822"),
    addressed("hexadecimal parts", "http://0x5d.0xb8.0xd8.0x22"),
    addressed("short spelling", "http://127.1"),
    addressed("leading zeros", "http://010.001.002.003", listed: ["10.1.2.3"]),
    addressed("trailing dot after an address", "http://127.0.0.1.:8080"),
    addressed("trailing dot after a listed name", "http://box.lan.", listed: ["box.lan"]),
    addressed("user name that looks like the host", "http://127.0.0.1@93.184.216.34/"),
    addressed("password that looks like a port", "http://127.0.0.1:8080@model.example/"),
    addressed("backslash", "http://127.0.0.1\\@model.example/"),
    addressed("percent escape", "http://127.0.0.1%2emodel.example/"),
    addressed("fragment", "http://model.example#@127.0.0.1"),
    addressed("digits of another script", "http://１２７.0.0.1"),
    addressed("dot of another script", "http://127。0.0.1"),
    addressed("another protocol", "socks5://127.0.0.1:1080"),
    addressed("path that climbs", "http://127.0.0.1/../../x", listed: []),
    named("listed name with a public address", [["93.184.216.34"]]),
    named("listed name with a private and a public address", [["10.1.2.3", "93.184.216.34"]]),
    named("listed name with a mapped public address", [["::ffff:93.184.216.34"]]),
    named("listed name of the metadata service", [["169.254.169.254"]]),
    named("listed name without an address", [[]]),
    named("name that changes between connections", [["10.1.2.3"], ["93.184.216.34"]]),
    Disguise("name that changes within a connection") {
      // The guard saw 127.0.0.2, where nobody listens at this port; whoever looks `localhost` up again,
      // libcurl included, gets 127.0.0.1, where the counting server does.
      let server = try countingServer()
      let port = server.url.split(separator: ":").last ?? ""
      let count = Mutex(0)
      let surroundings = lookups { before in
        count.withLock { $0 = before + 1 }
        return before == 0 ? ["127.0.0.2"] : ["127.0.0.1"]
      }
      let refusal = try await sendSource(
        EndpointConfiguration(name: "x", url: "http://localhost:\(port)", listed: ["localhost"]),
        in: surroundings)
      guard count.withLock({ $0 }) == 1 else {
        return Disguise.Outcome(refusal: nil, leaked: try await server.receivedSource())
      }
      return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
    },
  ] + redirects + sockets

/// The counting server is where the redirect of the requests with this path leads.
private func redirected(_ name: String, _ status: String, _ path: String) -> Disguise {
  Disguise("\(name), \(status)") {
    let elsewhere = try countingServer()
    let server = try llamaServer { request, _ in
      guard request.line.hasSuffix(path) else {
        return [.send(response("200 OK", #"{"input_tokens":19}"#))]
      }
      return [
        .send(response(status, "", extra: "Location: \(elsewhere.url)\(path)\r\n"))
      ]
    }
    let refusal = try await sendSource(EndpointConfiguration(name: "x", url: server.url))
    return Disguise.Outcome(refusal: refusal, leaked: try await elsewhere.receivedSource())
  }
}

private let redirects =
  ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"].flatMap { status in
    [
      redirected("redirect of the request", status, "/v1/chat/completions"),
      redirected("redirect of the token count", status, "/v1/chat/completions/input_tokens"),
    ]
  } + [
    Disguise("redirect of the questions") {
      let elsewhere = try countingServer()
      let server = try ScriptedServer { request, _ in
        let path = request.line.split(separator: " ")[1]
        return [
          .send(response("307 Temporary", "", extra: "Location: \(elsewhere.url)\(path)\r\n"))
        ]
      }
      let refusal = try await sendSource(
        EndpointConfiguration(name: "x", url: server.url, attestedBy: "Ada"))
      return Disguise.Outcome(refusal: refusal, leaked: try await elsewhere.receivedSource())
    },
    Disguise("https answered in plain text") {
      let server = try countingServer()
      let url = server.url.replacing("http:", with: "https:")
      // Each waits for the other to speak first, so it ends by its time limit.
      let refusal = try await sendSource(
        EndpointConfiguration(name: "x", url: url), limits: .question)
      return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
    },
  ]

/// A counting server on a socket, after `change` had its way with the socket and its directory.
func socketed(
  _ name: String, _ change: @escaping @Sendable (_ directory: String, _ socket: String) -> String
) -> Disguise {
  Disguise(name) {
    let directory = try TemporaryDirectory()
    let socket = "\(directory.path)/a.sock"
    let server = try countingServer(socketPath: socket)
    let path = change(directory.path, socket)
    let refusal = try await sendSource(EndpointConfiguration(name: "x", url: "unix:\(path)"))
    chmod(directory.path, 0o700)
    chown(socket, geteuid(), getegid())
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  }
}

/// Only root can give a file away, so one of them is tried only as root.
private let sockets =
  [
    socketed("socket in a directory that all can write") { directory, socket in
      chmod(directory, 0o777)
      return socket
    },
    socketed("link to a socket") { directory, socket in
      let link = "\(directory)/link.sock"
      symlink(socket, link)
      return link
    },
    socketed("socket that is not there") { directory, _ in "\(directory)/b.sock" },
  ]
  + (geteuid() == 0
    ? [
      socketed("somebody else's socket in a sticky directory") { directory, socket in
        chmod(directory, 0o1777)
        chown(socket, 65534, 65534)
        return socket
      }
    ] : [])
