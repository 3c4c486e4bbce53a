import Approval
import GitStore
import Glibc
import Testing

/// Message, identity and signature: what the object says besides its tree.
@Suite struct CommitObjectTests {
  @Test func `messages are cleaned as git does, trailers are added, empty ones refused`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip, "\n\n  \n")
    await #expect(throws: CommitError.emptyMessage) {
      try await repository.commit(change, request: request)
    }
    request.message = Array("Subject  \n\n\n\nBody\n# kept: no editor\n".utf8)
    request.trailers = [
      CommitTrailer(key: "Assisted-by", value: "countersign:test"),
      CommitTrailer(key: "Countersign-Record", value: "s1/3 sha256:00"),
    ]
    _ = try await repository.commit(change, request: request)
    #expect(
      try await scratch.git("log", "-1", "--format=%B")
        == """
        Subject

        Body
        # kept: no editor

        Assisted-by: countersign:test
        Countersign-Record: s1/3 sha256:00
        """)
  }

  @Test func `comment lines and what follows the scissors go from an edited message`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip, "; comment\nSubject\n")
    request.isFromEditor = true
    try await scratch.git("config", "core.commentChar", ";")
    request.edit = { $0 + Array("more\n; comment\n".utf8) }
    _ = try await repository.commit(change, request: request)
    #expect(try await scratch.git("log", "-1", "--format=%B") == "Subject\nmore")
  }

  @Test func `leaving the editor without a message abandons the commit`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.edit = { _ in nil }
    await #expect(throws: CommitError.abandoned) {
      try await repository.commit(change, request: request)
    }
    #expect(try await scratch.head() == tip)
  }

  @Test func `a commit without an identity is refused in git's words`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try await scratch.git("config", "user.useConfigOnly", "true")
    try await scratch.git("config", "--unset", "user.email")
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard case .noIdentity(let message)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(message.contains("email"))
  }

  @Test func `identity from a conditional include holds`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try await scratch.git("config", "--unset", "user.email")
    try scratch.write("\(scratch.root)/work.config", "[user]\n\temail = work@example.org\n")
    try await scratch.git(
      "config", "--global", "includeIf.gitdir:\(scratch.work)/.path", "\(scratch.root)/work.config")
    try scratch.hook(
      "pre-commit",
      "git config user.email >'\(scratch.root)/seen'; git var GIT_COMMITTER_IDENT >>'\(scratch.root)/seen'"
    )
    _ = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(
      try await scratch.git("log", "-1", "--format=%ae %ce") == "work@example.org work@example.org")
    #expect(
      scratch.text("\(scratch.root)/seen")?.hasPrefix("work@example.org\nA U Thor <work@") == true)
  }

  @Test func `a commit is signed with the user's ssh key when git would sign`() async throws {
    guard exists("/usr/bin/ssh-keygen") else { return }
    let (scratch, _, change, tip) = try await Scratch.prepared()
    let key = "\(scratch.root)/key"
    try await scratch.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
    let publicKey = try #require(scratch.text(key + ".pub"))
    try scratch.write("\(scratch.root)/allowed", "author@example.org \(publicKey)")
    for (name, value) in [
      ("gpg.format", "ssh"), ("user.signingKey", key), ("commit.gpgSign", "true"),
      ("gpg.ssh.allowedSignersFile", "\(scratch.root)/allowed"),
    ] { try await scratch.git("config", name, value) }
    let repository = try await scratch.repository()
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    try await scratch.git("verify-commit", receipt.commit.hex)
    try await scratch.fsck()
  }

  @Test(.enabled(if: exists("/usr/bin/gpg") && exists("/usr/bin/gpgconf"), "There is no gpg."))
  func `a commit is signed with the user's OpenPGP key, and gpg knows it`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    // The agent's socket has to have a short path.
    let home = "/tmp/cs-gpg-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try #require(mkdir(home, 0o700) == 0)
    func sign() async throws {
      let gpg = "\(scratch.root)/gpg"
      try scratch.write(
        gpg, "#!/bin/sh\nexec /usr/bin/gpg --homedir \(home) --batch \"$@\"\n", mode: 0o755)
      try await scratch.run(
        gpg,
        [
          "--quiet", "--passphrase", "", "--quick-generate-key", "Author <author@example.org>",
          "ed25519",
        ])
      for (name, value) in [
        ("gpg.program", gpg), ("user.signingKey", "author@example.org"), ("commit.gpgSign", "true"),
      ] { try await scratch.git("config", name, value) }
      let repository = try await scratch.repository()
      let receipt = try await repository.commit(change, request: scratch.request(on: tip))
      try await scratch.git("verify-commit", receipt.commit.hex)
      try await scratch.fsck()
    }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await sign()) } catch { outcome = .failure(error) }
    try await scratch.run("/usr/bin/gpgconf", ["--homedir", home, "--kill", "all"])
    try await scratch.run("/bin/rm", ["-rf", home])
    try outcome.get()
  }

  @Test func `an X.509 signature is made by the program that git is told of`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    let program = "\(scratch.root)/smime"
    // As gpgsm speaks with git: the signature on standard output, its status where it is told to.
    try scratch.write(
      program,
      """
      #!/bin/sh
      cat >'\(scratch.root)/signed'
      echo '[GNUPG:] SIG_CREATED D 1 8 00 1700000000 ABCDEF' >&2
      printf -- '-----BEGIN SIGNED MESSAGE-----\\nQUJD\\n-----END SIGNED MESSAGE-----\\n'
      """, mode: 0o755)
    for (name, value) in [
      ("gpg.format", "x509"), ("gpg.x509.program", program), ("user.signingKey", "me"),
      ("commit.gpgSign", "true"),
    ] { try await scratch.git("config", name, value) }
    let repository = try await scratch.repository()
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    let object = try await scratch.git("cat-file", "commit", receipt.commit.hex)
    #expect(object.contains("gpgsig -----BEGIN SIGNED MESSAGE-----"))
    // What is signed is the commit without its signature.
    let signed = try #require(scratch.text("\(scratch.root)/signed"))
    #expect(signed.contains("tree \(receipt.tree.hex)") && !signed.contains("gpgsig"))
  }

  @Test func `a message is stored in the encoding that the user has set`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    try await scratch.git("config", "i18n.commitEncoding", "ISO-8859-1")
    let repository = try await scratch.repository()
    var request = scratch.request(on: tip)
    request.message = [0xC4] + Array("nderung\n".utf8)
    let receipt = try await repository.commit(change, request: request)
    #expect(
      try await scratch.git("cat-file", "commit", receipt.commit.hex)
        .contains("encoding ISO-8859-1"))
    #expect(
      try await scratch.git("log", "-1", "--encoding=UTF-8", "--format=%s", receipt.commit.hex)
        == "Änderung")
  }

  @Test func `a failing signature commits nothing`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    try await scratch.git("config", "gpg.program", "/bin/false")
    try await scratch.git("config", "commit.gpgSign", "true")
    let repository = try await scratch.repository()
    let before = try await scratch.userState()
    await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    #expect(try await scratch.userState() == before)
  }
}
