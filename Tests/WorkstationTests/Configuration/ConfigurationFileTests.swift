// Finding and trusting the settings file, and the places of everything else.

import TestSupport
import AuditLog
import Glibc
import Testing
import Workstation

private func locations(_ scratch: Scratch) throws -> StateLocations {
  let home = String(decoding: scratch.path, as: UTF8.self)
  precondition(mkdir(scratch.text("countersign"), 0o700) == 0)
  return try StateLocations(environment: ["HOME": home, "XDG_CONFIG_HOME": home])
}

@Suite struct ConfigurationFileTests {
  @Test func `without a file all defaults hold`() throws {
    let scratch = Scratch()
    #expect(try Configuration.load(locations: locations(scratch)) == Configuration())
    let home = String(decoding: scratch.path, as: UTF8.self)
    #expect(try Configuration.load(environment: ["HOME": home]) == Configuration())
  }

  @Test(arguments: [0o600, 0o644, 0o664, 0o400] as [UInt32])
  func `a file that only trusted people can write is read`(mode: UInt32) throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    scratch.write(Array("theme = \"dark\"\n".utf8), to: "countersign/config.toml", mode: mode)
    let read = try Configuration.load(locations: locations)
    #expect(read.theme == "dark" && read.path == locations.configurationFile)
  }

  @Test func `a linked file is read`() throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    scratch.write(Array("theme = \"dark\"\n".utf8), to: "dotfile")
    precondition(symlink("../dotfile", scratch.text("countersign/config.toml")) == 0)
    #expect(try Configuration.load(locations: locations).theme == "dark")
  }

  @Test func `a file that everyone may write is refused with the cure`() throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    scratch.write([], to: "countersign/config.toml", mode: 0o646)
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration.load(locations: locations)
    }
    #expect(
      error?.description == "could not use \(scratch.text("countersign/config.toml")): "
        + "every user of this machine may write to it; run chmod o-w on it")
  }

  @Test(arguments: [(0, true), (UInt32.max - 1, false)] as [(UInt32, Bool)])
  func `the owner must be the user or root`(owner: UInt32, isTrusted: Bool) throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    scratch.write([], to: "countersign/config.toml")
    var calls = FileSystemCalls.system
    calls.fstat = { (descriptor) throws(SystemCallFailure) in
      var status = try FileSystemCalls.system.fstat(descriptor)
      status.owner = owner
      return status
    }
    do throws(ConfigurationError) {
      _ = try Configuration.load(locations: locations, calls: calls)
      #expect(isTrusted)
    } catch {
      #expect(!isTrusted && error.description.contains("it belongs to user 4294967294"))
    }
  }

  @Test func `directories, pipes and huge files are refused without waiting`() throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    let path = scratch.text("countersign/config.toml")
    precondition(mkdir(path, 0o700) == 0)
    #expect(throws: ConfigurationError.self) { try Configuration.load(locations: locations) }
    rmdir(path)
    precondition(mkfifo(path, 0o600) == 0)
    #expect(throws: ConfigurationError.self) { try Configuration.load(locations: locations) }
    unlink(path)
    scratch.write(
      [UInt8](repeating: 0x23, count: TrustedFile.byteLimit + 1), to: "countersign/config.toml")
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration.load(locations: locations)
    }
    #expect(error?.description.hasSuffix("it is larger than 1048576 bytes") == true)
  }

  @Test func `a file that cannot be opened is an error, not an absent one`() throws {
    let scratch = Scratch()
    let locations = try locations(scratch)
    var calls = FileSystemCalls.system
    calls.open = { (_, _, _) throws(SystemCallFailure) in throw SystemCallFailure(code: EACCES) }
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration.load(locations: locations, calls: calls)
    }
    #expect(error?.description.hasSuffix("config.toml: Permission denied") == true)
  }
}

@Suite struct StateLocationsTests {
  private func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }

  @Test func `everything has its default place below the home directory`() throws {
    let places = try StateLocations(environment: ["HOME": "/home/u"])
    #expect(text(places.configurationFile) == "/home/u/.config/countersign/config.toml")
    #expect(text(places.themes) == "/home/u/.config/countersign/themes")
    #expect(text(places.state) == "/home/u/.local/state/countersign")
    #expect(text(places.worktrees) == "/home/u/.local/state/countersign/worktrees")
    #expect(text(places.debugLog) == "/home/u/.local/state/countersign/debug.log")
    #expect(text(places.runtime) == "/home/u/.local/state/countersign/run")
  }

  @Test func `the environment moves what it names, absolute paths only`() throws {
    let places = try StateLocations(environment: [
      "HOME": "/home/u", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "relative",
      "XDG_RUNTIME_DIR": "/run/user/7",
    ])
    #expect(text(places.configuration) == "/c/countersign")
    #expect(text(places.state) == "/home/u/.local/state/countersign")
    #expect(text(places.runtime) == "/run/user/7/countersign")
    let homeless = try StateLocations(environment: [
      "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s",
    ])
    #expect(homeless.home == nil && text(homeless.debugLog) == "/s/countersign/debug.log")
  }

  @Test func `a home directory whose name is not text is kept as it is`() throws {
    let places = try StateLocations(environment: ProcessEnvironment(["HOME": [0x2F, 0xFF]]))
    #expect(places.state.starts(with: [0x2F, 0xFF, 0x2F]))
  }

  @Test(arguments: [[:], ["HOME": ""], ["HOME": "u"]] as [ProcessEnvironment])
  func `without a home directory the error says what to set`(environment: ProcessEnvironment) {
    let error = #expect(throws: ConfigurationError.self) {
      try StateLocations(environment: environment)
    }
    #expect(error?.description.contains("set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME") == true)
  }

  @Test func `session records live in the common git directory, under a safe name`() {
    let git = Array("/r/.git".utf8)
    let path = StateLocations.session("20260201-ab12", gitCommonDirectory: git)
    #expect(path.map(text) == "/r/.git/countersign/sessions/20260201-ab12")
    for name in ["", "..", "a/b", "A", "-a", "a-", "a--b", "a.lock", "é", "a\n"] {
      #expect(StateLocations.session(name, gitCommonDirectory: git) == nil, "\(name)")
    }
    #expect(StateLocations.isSessionName(String(repeating: "a", count: 64)))
    #expect(!StateLocations.isSessionName(String(repeating: "a", count: 65)))
  }
}
