// config.toml: what it can say, and how it is refused.

import Approval
import AuditLog
import Review
import Testing

@testable import Workstation

private let path = Array("/home/u/config.toml".utf8)

private func parse(_ text: String) throws(ConfigurationError) -> Configuration {
  try Configuration.parse(Array(text.utf8), path: path, home: Array("/home/u".utf8))
}

private let everything = """
  default_endpoint = "box"
  theme = "solarized-dark"
  escape_delay_ms = 25

  [[endpoint]]
  name = "here"
  socket = "~/run/llama.sock"

  [[endpoint]]
  name = "box"
  url = "https://gpu.corp.example:8443/v1/"
  model = "qwen"
  kind = "vllm"
  api_key_command = ["pass", "show", "gpu"]
  ca_file = "/etc/corp.pem"
  client_certificate = "~/me.pem"
  client_key = "~/me.key"
  allowed_addresses = ["10.1.0.0/16", "fd00::/8", "192.168.1.7"]
  allowed_names = ["GPU.corp.example"]
  attested_by = "Platform team, 2026-02"

  [[endpoint]]
  name = "own"
  model = "/models/tiny.gguf"
  api_key_file = "/run/key"

  [keys]
  preset = "tig"
  [keys.bindings]
  "ctrl-y" = "approve"
  Z = "undo"

  [review]
  tab_width = 8
  context_lines = 0
  wrap = false
  whole_file_limit_mb = 5

  [commit]
  trailers = false
  side_branch = true

  [worktree]
  setup_command = "npm ci && true"
  link_paths = ["node_modules", "a/.venv"]

  [checks]
  unit = "make test"
  lint = ["swift-format", "lint", ""]
  [checks.slow]
  command = "make slow"
  timeout_seconds = 7200
  required = true

  [policy]
  protected_paths = ["deploy/**"]
  forbidden_paths = ["infra/"]
  require_untouched_tip = true
  isolate_checks = false
  session_expiry_days = 30
  """

@Suite struct ConfigurationTests {
  @Test func `an empty file leaves every default`() throws {
    var defaults = Configuration()
    defaults.path = path
    #expect(try parse("") == defaults)
    #expect(defaults.review.tabWidth == 4 && defaults.review.contextLines == 3)
    #expect(defaults.review.wrapsLines && defaults.review.wholeFileLimitMegabytes == 20)
    #expect(defaults.commit.addsTrailers && !defaults.commit.usesSideBranch)
    #expect(defaults.escapeDelayMilliseconds == 50 && defaults.theme == "default")
    #expect(defaults.keys.preset == .default && defaults.policy.isolatesChecks)
  }

  @Test func `every setting arrives in its place`() throws {
    let read = try parse(everything)
    #expect(read.defaultEndpoint == "box" && read.theme == "solarized-dark")
    #expect(read.escapeDelayMilliseconds == 25)
    #expect(read.endpoints.map(\.name) == ["here", "box", "own"])
    #expect(read.endpoints[0].address == .socket(Array("/home/u/run/llama.sock".utf8)))

    let box = try #require(read.endpoint(named: "box"))
    guard case .url(let url) = box.address else {
      Issue.record("no url")
      return
    }
    #expect(url.text == "https://gpu.corp.example:8443/v1" && url.isEncrypted)
    #expect(url.host == "gpu.corp.example" && url.port == 8443 && url.basePath == "/v1")
    #expect(box.model == "qwen" && box.kind == .vllm)
    #expect(box.keySource == .command(.program("pass", arguments: ["show", "gpu"])))
    #expect(box.authorityFile == Array("/etc/corp.pem".utf8))
    #expect(box.clientCertificate == Array("/home/u/me.pem".utf8))
    #expect(box.clientKey == Array("/home/u/me.key".utf8))
    #expect(box.allowedAddresses.map(\.text) == ["10.1.0.0/16", "fd00::/8", "192.168.1.7"])
    #expect(box.allowedNames == ["gpu.corp.example"])
    #expect(box.attestedBy == "Platform team, 2026-02")
    #expect(read.endpoints[2].address == .managed(model: Array("/models/tiny.gguf".utf8)))
    #expect(read.endpoints[2].keySource == .file(Array("/run/key".utf8)))

    #expect(read.keys.preset == .tig)
    #expect(
      read.keys.bindings == [
        .init(key: "ctrl-y", command: "approve", line: 30),
        .init(key: "Z", command: "undo", line: 31),
      ])
    #expect(read.review.tabWidth == 8 && read.review.contextLines == 0)
    #expect(!read.review.wrapsLines && read.review.wholeFileLimitMegabytes == 5)
    #expect(!read.commit.addsTrailers && read.commit.usesSideBranch)
    #expect(read.worktree.setupCommand?.arguments == ["/bin/sh", "-c", "npm ci && true"])
    #expect(read.worktree.linkPaths == [Array("node_modules".utf8), Array("a/.venv".utf8)])
    #expect(read.checks.map(\.name) == ["lint", "slow", "unit"])
    #expect(read.checks[0].command == .program("swift-format", arguments: ["lint", ""]))
    #expect(read.checks.map(\.timeoutSeconds) == [600, 7200, 600])
    #expect(read.checks.map(\.isRequired) == [false, true, false])
    #expect(read.policy.forbiddenPaths.map(\.text) == ["infra/"])
    #expect(
      read.policy.protectedPaths.map(\.text) == ["deploy/**"] && read.policy.requiresUntouchedTip)
    #expect(!read.policy.isolatesChecks && read.policy.sessionExpiryDays == 30)
  }

  @Test(arguments: [
    (
      "[review]\ntab_widht = 8", 2,
      "\"tab_widht\" in [review] is not a known setting; did you mean \"tab_width\"?"
    ),
    ("endpoints = []", 1, "\"endpoints\" is not a known setting; did you mean \"endpoint\"?"),
    ("quux = 1", 1, "\"quux\" is not a known setting"),
    (
      "[[endpoint]]\nname=\"a\"\nsocket=\"/s\"\n[[endpoint]]\napi-key-file = \"/k\"", 5,
      "\"api-key-file\" in [[endpoint]] number 2 is not a known setting; "
        + "did you mean \"api_key_file\"?"
    ),
    (
      "\n[review]\nwrap = \"yes\"", 3,
      "\"wrap\" in [review] must be true or false, not a string"
    ),
    (
      "escape_delay_ms = 1.5", 1,
      "\"escape_delay_ms\" must be a whole number, not a number with a fraction"
    ),
    ("theme = 1979-05-27", 1, "\"theme\" must be a string, not a date or time"),
    ("review = 3", 1, "\"review\" must be a table that begins with [review], not a whole number"),
    (
      "[endpoint]\nname = \"a\"", 1,
      "\"endpoint\" must be tables that begin with [[endpoint]], not a table"
    ),
    (
      "[review]\ntab_width = 17", 2,
      "\"tab_width\" in [review] must lie between 1 and 16, and is 17"
    ),
    ("escape_delay_ms = -1", 1, "\"escape_delay_ms\" must lie between 0 and 1000, and is -1"),
    ("[[endpoint]]\nsocket = \"/s\"", 1, "\"name\" is missing in [[endpoint]] number 1"),
    ("[[endpoint]]\nname = \"a\"", 1, "\"url\" is missing in [[endpoint]] number 1"),
    (
      "default_endpoint = \"hare\"\n[[endpoint]]\nname = \"here\"\nsocket = \"/s\"", 1,
      "\"default_endpoint\" names \"hare\", which is not the name of any [[endpoint]]; "
        + "did you mean \"here\"?"
    ),
    (
      "[keys]\npreset = \"lazy-git\"", 2,
      "\"preset\" in [keys] names \"lazy-git\", which is not a preset; did you mean \"lazygit\"?"
    ),
    ("[keys.bindings]\nx = 1", 2, "\"x\" in [keys.bindings] must be a string, not a whole number"),
    (
      "theme = \"../x\"", 1,
      "\"theme\" cannot be used: a theme's name is made of letters, digits, - and _"
    ),
    ("theme = \"\"", 1, "\"theme\" cannot be used: the text is empty"),
    ("theme = \"a\\u0000b\"", 1, "\"theme\" cannot be used: the text holds a control character"),
    (
      "[worktree]\nlink_paths = [\n\"a\",\n\"../b\"]", 2,
      "\"link_paths\" in [worktree] cannot be used: \"../b\" must be a path below the worktree's "
        + "top, without \".\", \"..\" or \".git\""
    ),
    ("[checks.a]\ntimeout_seconds = 1", 1, "\"command\" is missing in [checks.a]"),
    (
      "[checks]\na = []", 2,
      "\"a\" in [checks] must be a command as a string, or a list of program and arguments, "
        + "not a list"
    ),
    (
      "[policy]\nprotected_paths = \"x\"", 2,
      "\"protected_paths\" in [policy] must be a list of strings, not a string"
    ),
    ("a =", 1, "this is not TOML: expected a value, found the end of the file"),
    (
      "[review]\nwrap = no", 2,
      "this is not TOML: expected a value (text needs quotes), found \"no\""
    ),
  ])
  func `a mistake is named with file, line and what to do`(text: String, line: Int, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try parse(text) }
    #expect(error?.description == "/home/u/config.toml, line \(line): \(words)")
  }

  @Test(arguments: [
    ("url = \"http://h\"\nsocket = \"/s\"", "an endpoint has either a url or a socket"),
    ("socket = \"s\"", "a path must start with / or ~/"),
    ("socket = \"/\(String(repeating: "s", count: 107))\"", "has at most 107 bytes"),
    ("url = \"ftp://h\"", "must start with http:// or https://"),
    ("url = \"http://\"", "has no host"),
    ("url = \"http://h:0\"", "has no host, or a port that is none"),
    ("url = \"http://h:65536\"", "a port that is none"),
    ("url = \"http://h:\"", "a port that is none"),
    ("url = \"http://h:+80\"", "a port that is none"),
    ("url = \"http://[::1\"", "has no host"),
    ("url = \"http://[::1]x80\"", "has no host"),
    ("url = \"http://::1\"", "has no host"),
    ("url = \"http://2130706433\"", "has no host"),
    ("url = \"http://127.1\"", "has no host"),
    ("url = \"http://me:secret@h\"", "must not hold a user"),
    ("url = \"http://h?x\"", "must not hold a query"),
    ("url = \"http://h\\\\@evil\"", "is not a url"),
    ("url = \"http://h\u{E9}\"", "is not a url"),
    ("socket = \"/s\"\nca_file = \"/c\"", "certificates are used with an https url only"),
    ("url = \"http://h\"\nclient_key = \"/c\"", "certificates are used with an https url only"),
    ("url = \"https://h\"\nclient_key = \"/c\"", "belong together"),
    ("url = \"https://h\"\nclient_certificate = \"/c\"", "belong together"),
    (
      "socket = \"/s\"\napi_key_file = \"/k\"\napi_key_command = \"k\"",
      "either from a file or from"
    ),
    ("socket = \"/s\"\nallowed_addresses = [\"10.0.0.1/8\"]", "has bits behind its prefix of 8"),
    ("socket = \"/s\"\nallowed_addresses = [\"10.0.0.0/33\"]", "between 1 and 32"),
    ("socket = \"/s\"\nallowed_addresses = [\"0.0.0.0/0\"]", "between 1 and 32"),
    ("socket = \"/s\"\nallowed_addresses = [\"box\"]", "is neither an address nor a range"),
    ("socket = \"/s\"\nallowed_names = [\"10.0.0.1\"]", "is not a host name"),
    ("socket = \"/s\"\nallowed_names = [\"-a.b\"]", "is not a host name"),
    ("socket = \"/s\"\nallowed_names = [\"a..b\"]", "is not a host name"),
    ("model = \"tiny.gguf\"", "a path must start with / or ~/"),
  ])
  func `an endpoint that makes no sense is refused`(text: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try parse("[[endpoint]]\nname = \"a\"\n\(text)\n")
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `two endpoints cannot share a name`() {
    let one = "[[endpoint]]\nname = \"a\"\nsocket = \"/s\"\n"
    let error = #expect(throws: ConfigurationError.self) { try parse(one + one) }
    #expect(error?.line == 5)
  }

  @Test func `a range holds exactly the addresses with its prefix`() throws {
    func range(_ text: String) throws -> AddressRange { try AddressRange.parse(text).get() }
    let twelve = try range("172.16.0.0/12")
    #expect(twelve.contains([172, 16, 0, 0]) && twelve.contains([172, 31, 255, 255]))
    #expect(!twelve.contains([172, 32, 0, 0]) && !twelve.contains([172, 15, 255, 255]))
    #expect(try range("127.0.0.1").contains([127, 0, 0, 1]))
    #expect(try !range("127.0.0.1").contains([127, 0, 0, 2]))
    let local = try range("fd00::/8")
    #expect(local.contains([0xFD, 0xFF] + [UInt8](repeating: 9, count: 14)))
    #expect(!local.contains([0xFC] + [UInt8](repeating: 0, count: 15)))
    #expect(!local.contains([0xFD, 0, 0, 0]))
  }

  @Test func `the summary says what holds, escapes what is hostile and keeps commands' secrets`()
    throws
  {
    let text = try parse(everything).describe().joined(separator: "\n")
    for words in [
      "settings from /home/u/config.toml",
      "endpoint box (default): https://gpu.corp.example:8443/v1",
      "  API key from command pass …", "endpoint own: own llama-server for /models/tiny.gguf",
      "check lint: swift-format …, at most 600 s", "wrap off", "sessions expire after 30 days",
      "links node_modules, a/.venv",
    ] {
      #expect(text.contains(words), "\(words)")
    }
    #expect(!text.contains("show"))
    let hostile = try parse("[policy]\nprotected_paths = [\"a\u{202E}b\"]")
    #expect(hostile.describe().joined().contains("a<U+202E>b"))
    #expect(Configuration().describe().first == "no settings file, all defaults hold")
  }

  @Test(arguments: [
    ("tab_widht", "tab_width"), ("Theme", "theme"), ("context-lines", "context_lines"),
    ("wra", "wrap"),
    ("completely", nil), ("", nil), ("x", nil),
  ])
  func `the nearest name is offered only when it is near`(name: String, nearest: String?) {
    let names = ["tab_width", "theme", "context_lines", "wrap"]
    #expect(NearestName.of(name, among: names) == nearest)
  }
}
