import Glibc
import Testing

@testable import ModelClient

private let fakeSurroundings = PrivacyGuard.Surroundings(
  resolve: { name throws(PolicyRefusal) in
    switch name {
    case "box.lan": [IPAddress("10.1.2.3")!]
    case "rebound.lan": [IPAddress("10.1.2.3")!, IPAddress("93.184.216.34")!]
    case "metadata.lan": [IPAddress("169.254.169.254")!]
    case "empty.lan": []
    default: throw PolicyRefusal("\(name) could not be looked up.")
    }
  }, inspectSocket: { _ throws(PolicyRefusal) in 1000 })

private func check(_ url: String, listed: [String] = []) throws(PolicyRefusal) -> CheckedEndpoint {
  try PrivacyGuard.check(
    EndpointConfiguration(name: "x", url: url, listed: listed), in: fakeSurroundings)
}

struct PrivacyGuardTests {
  @Test(arguments: [
    "http://127.0.0.1:8080", "http://127.0.0.1", "HTTP://127.9.8.7:1/v1", "http://[::1]:8080/",
    "http://[::ffff:127.0.0.1]:8080", "http://[::FFFF:7F00:1]:8080", "https://127.0.0.1:8443/a/v1/",
    "unix:/run/x.sock", "unix:///run/x.sock", "http://[0:0:0:0:0:0:0:1]:8",
  ])
  func `loopback and sockets are allowed`(_ url: String) throws {
    #expect(try check(url).isOnThisMachine)
  }

  @Test(arguments: [
    // Odd spellings that other programs take for addresses.
    "http://127.1", "http://2130706433", "http://0x7f.0.0.1", "http://0x7f000001",
    "http://0177.0.0.1", "http://127.0.0.01", "http://127.0.0.1.", "http://127.0.0.1.:80",
    "http://١٢٧.0.0.1", "http://127。0。0。1", "http://0", "http://127.0.0.256", "http://1.2.3",
    "http://[::1", "http://::1:80", "http://[::1%25eth0]:80", "http://[::1%lo]",
    "http://[127.0.0.1]",
    "http://[::1]x", "http://[1:2:3]", "http://[::1::]", "http://[:::1]",
    // Things that are not host and port.
    "http://user@127.0.0.1", "http://127.0.0.1@evil.example", "http://127.0.0.1#@evil.example",
    "http://127.0.0.1?x", "http://127.0.0.1\\@evil.example", "http://127.0.0.1/%2e%2e",
    "http://127.0.0.1/../x", "http://127.0.0.1//x", "http://127.0.0.1:", "http://127.0.0.1:0",
    "http://127.0.0.1:65536", "http://127.0.0.1:+80", "http://127.0.0.1:80:80", "http://",
    "http:///x", "http://127.0.0.1 ", "http://127.0.0.1\u{0}", "http://127.0.0.1\n",
    "ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1:8080", "http:127.0.0.1", "",
    "unix:x.sock", "unix:", "unix://host/x.sock", "unix:/" + String(repeating: "x", count: 107),
    // Places that are never allowed.
    "http://8.8.8.8", "http://169.254.169.254", "http://[fe80::1]", "http://0.0.0.0:8080",
    "http://[::]:8080", "http://224.0.0.1", "http://255.255.255.255", "http://[2606:4700::1]",
    "http://[fd00:ec2::254]", "http://100.64.0.1", "http://172.32.0.1", "http://192.169.0.1",
    "http://[::ffff:8.8.8.8]", "http://[::7f00:1]", "http://[64:ff9b::7f00:1]", "http://[ff02::1]",
    "http://[::ffff:169.254.169.254]",
    // Not listed.
    "http://10.0.0.1", "http://172.16.0.1", "http://192.168.1.1", "http://[fd12::1]",
    "http://localhost:8080", "http://box.lan", "https://evil.example",
    "http://[::ffff:10.0.0.1]",
  ])
  func `everything else is refused with a sentence`(_ url: String) {
    do throws(PolicyRefusal) {
      _ = try check(url)
      Issue.record("\(url) was allowed")
    } catch {
      #expect(error.sentence.hasSuffix(".") && error.sentence.first?.isLowercase != nil)
    }
  }

  @Test(arguments: [
    ("http://10.1.2.3:8080", ["10.1.2.3"]), ("http://10.1.2.3", ["10.0.0.0/8"]),
    ("https://192.168.7.7:8443", ["172.16.0.0/12", "192.168.7.0/24"]),
    ("http://[fd12::1]:80", ["fd00::/8"]), ("http://[::ffff:10.1.2.3]", ["10.1.2.3"]),
    ("http://box.lan:8080", ["box.lan"]), ("https://BOX.lan", ["Box.LAN"]),
  ])
  func `listed private addresses and names are allowed`(_ url: String, _ listed: [String]) throws {
    let endpoint = try check(url, listed: listed)
    #expect(!endpoint.isOnThisMachine)
  }

  @Test(arguments: [
    ("http://8.8.8.8", ["8.8.8.8", "0.0.0.0/0"]), ("http://169.254.169.254", ["169.254.0.0/16"]),
    ("http://10.1.2.4", ["10.1.2.3"]), ("http://rebound.lan", ["rebound.lan"]),
    ("http://metadata.lan", ["metadata.lan"]), ("http://empty.lan", ["empty.lan"]),
    ("http://unknown.lan", ["unknown.lan"]), ("http://127.0.0.1", ["10.0.0.1/8"]),
    ("http://127.0.0.1", ["10.0.0.0/33"]), ("http://127.0.0.1", ["fd00::/8 "]),
    ("http://127.0.0.1", ["127.1"]),
  ])
  func `a list opens neither public nor metadata addresses, nor is it guessed at`(
    _ url: String, _ listed: [String]
  ) {
    #expect(throws: PolicyRefusal.self) { try check(url, listed: listed) }
  }

  @Test func `addresses and sockets are never looked up`() throws {
    let surroundings = PrivacyGuard.Surroundings(
      resolve: { name throws(PolicyRefusal) in
        Issue.record("\(name) was looked up")
        return []
      }, inspectSocket: { _ throws(PolicyRefusal) in 0 })
    for url in ["http://127.0.0.1", "http://[::1]", "unix:/run/x.sock", "http://nowhere.lan"] {
      let configuration = EndpointConfiguration(name: "x", url: url)
      _ = Result { () throws(PolicyRefusal) in
        try PrivacyGuard.check(configuration, in: surroundings)
      }
    }
  }

  @Test(arguments: [
    "gpt-oss:cloud", "GPT-OSS:CLOUD", "x/y:120b-cloud", "x:120B-Cloud", "x:7b:cloud", "x:cloud ",
    "host:5000/m:cloud",
  ])
  func `names that an Ollama answers from its cloud are refused`(_ name: String) {
    #expect(throws: PolicyRefusal.self) { try PrivacyGuard.checkModelName(name) }
  }

  @Test(arguments: ["qwen2.5-coder:7b", "cloud", "my-cloud", "cloud:7b", "x:clouds", "x:7b:local"])
  func `other names are not`(_ name: String) throws {
    try PrivacyGuard.checkModelName(name)
  }

  @Test func `verdicts follow the place, the program and who vouches`() throws {
    let here = try check("http://127.0.0.1:8080")
    let socket = try check("unix:/run/x.sock")
    let there = try check("http://10.1.2.3", listed: ["10.1.2.3"])
    func verdict(
      _ endpoint: CheckedEndpoint, _ kind: ServerKind, _ attested: String? = nil
    ) throws(PolicyRefusal) -> EndpointVerdict {
      try PrivacyGuard.verdict(on: endpoint, serving: kind, attestedBy: attested, hasAPIKey: false)
    }
    #expect(try verdict(socket, .llamaServer).level == .local)
    #expect(try verdict(socket, .llamaServer).warnings.isEmpty)
    #expect(try verdict(here, .llamaServer).warnings.count == 1)
    #expect(try verdict(here, .vllm).level == .local)
    #expect(try verdict(there, .vllm).level == .lan)
    #expect(
      try verdict(there, .vllm).warnings.first?.contains("can be read on the network") == true)
    for kind in [ServerKind.lmStudio, .generic] {
      #expect(throws: PolicyRefusal.self) { try verdict(here, kind) }
      #expect(throws: PolicyRefusal.self) { try verdict(here, kind, "  ") }
      #expect(try verdict(here, kind, "Ada, 2026-11-01").level == .unproven)
    }
  }

  @Test func `an address has one spelling for the network library`() {
    #expect(IPAddress("::FFFF:127.0.0.1")?.description == "127.0.0.1")
    #expect(IPAddress("fd12::1")?.description == "fd12:0:0:0:0:0:0:1")
    #expect(IPAddress("1::2:3.4.5.6")?.description == "1:0:0:0:0:2:304:506")
  }

  @Test(arguments: [
    "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "fe80::1:2",
    "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
    ":1", "1:", ":::", "1::2::3", "::1.2.3", "1.2.3.4::", "1.2.3.4", "01.2.3.4", "1.2.3.4.5", "",
    "::1.2.3.04", "1:2:3:4:5:6:7:1.2.3.4",
  ])
  func `addresses are read as the C library reads them`(_ text: String) {
    var bytes = [UInt8](repeating: 0, count: 16)
    let isVersion6 = text.contains(":")
    let readable = inet_pton(isVersion6 ? AF_INET6 : AF_INET, text, &bytes) == 1
    let expected = readable ? IPAddress(bytes: isVersion6 ? bytes : Array(bytes[..<4])) : nil
    #expect(IPAddress(text) == expected)
  }

  @Test func `a socket's file has to be one that nobody else could put there`() throws {
    let directory = try TemporaryDirectory()
    let inspect = PrivacyGuard.Surroundings.system.inspectSocket
    let path = "\(directory.path)/a.sock"
    #expect(throws: PolicyRefusal.self) { try inspect(path) }
    let server = try ScriptedServer(socketPath: path) { _, _ in [] }
    #expect(try inspect(path) == geteuid())
    symlink(path, "\(directory.path)/link.sock")
    #expect(throws: PolicyRefusal.self) { try inspect("\(directory.path)/link.sock") }
    #expect(throws: PolicyRefusal.self) { try inspect(directory.path) }
    chmod(directory.path, 0o777)
    #expect(throws: PolicyRefusal.self) { try inspect(path) }
    chmod(directory.path, 0o1777)
    #expect(try inspect(path) == geteuid())
    chmod(directory.path, 0o700)
    _ = server
  }

  @Test func `a key is read from a private file and shown nowhere`() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/key"
    try write("s3cret-key\n", to: path)
    let key = try APIKey.reading(file: path)
    #expect(key.authorization == "Authorization: Bearer s3cret-key")
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("s3cret"))
    try write("a\nb", to: path)
    #expect(throws: KeyProblem.self) { try APIKey.reading(file: path) }
    try write("", to: path)
    #expect(throws: KeyProblem.self) { try APIKey.reading(file: path) }
    try write("key", to: path, mode: 0o644)
    #expect(throws: KeyProblem.self) { try APIKey.reading(file: path) }
    #expect(throws: KeyProblem.self) { try APIKey.reading(file: directory.path) }
    #expect(throws: KeyProblem.self) { try APIKey.reading(file: "\(directory.path)/none") }
  }
}
