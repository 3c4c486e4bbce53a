import GitStore
import Glibc
import Testing

@Suite struct ChildProcessTests {
  private func shell(_ script: String) -> ChildProcess {
    ChildProcess(
      executable: "/bin/sh", arguments: ["-c", script],
      environment: ["PATH": "/usr/bin:/bin", "ONLY": "this"], directory: "/")
  }

  @Test func `input, output, directory, environment and exit code pass through`() async throws {
    var child = shell(
      "cat; pwd; env | grep -v '^PWD\\|^_\\|^SHLVL\\|^OLDPWD' | sort; echo e >&2; exit 7")
    child.directory = "/usr"
    child.input = Array("in\n".utf8)
    let result = try await child.run()
    #expect(result.status == .exited(7))
    #expect(
      String(decoding: result.output, as: UTF8.self) == "in\n/usr\nONLY=this\nPATH=/usr/bin:/bin\n")
    #expect(result.errorOutput == Array("e\n".utf8))
  }

  @Test func `more input and output than pipes hold passes without a deadlock`() async throws {
    var child = shell("cat")
    child.input = [UInt8](repeating: 7, count: 3_000_000)
    #expect(try await child.run().output == child.input)
    child.outputLimit = 1_000
    let cut = try await child.run()
    #expect(cut.output.count == 1_000)
    #expect(cut.isTruncated)
  }

  @Test func `a child that does not read its input is no failure of ours`() async throws {
    var child = shell("exec true")
    child.input = [UInt8](repeating: 7, count: 3_000_000)
    #expect(try await child.run().status == .exited(0))
  }

  @Test func `a program that is not there is an error with its name`() async throws {
    let child = ChildProcess(
      executable: "/nonexistent/program", arguments: [], environment: [:], directory: "/")
    await #expect(
      throws: ChildProcessError.system(attempt: "run /nonexistent/program in /", code: ENOENT)
    ) { try await child.run() }
  }

  @Test func `a child has three descriptors, no blocked signal and default dispositions`()
    async throws
  {
    signal(SIGPIPE, SIG_IGN)
    let open = open("/", O_RDONLY)
    defer { close(open) }
    let result = try await shell("ls /proc/$$/fd; exec grep -E 'Sig(Blk|Ign)' /proc/self/status")
      .run()
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    #expect(lines.prefix(4) == ["0", "1", "2", "SigBlk:\t0000000000000000"])
    // Signals 32 and 33 belong to the C library.
    let ignored = try #require(lines.last.flatMap { UInt64($0.dropFirst(8), radix: 16) })
    #expect(ignored & 0x7fff_ffff == 0)
  }

  @Test func `a time limit and a background child do not hold the caller`() async throws {
    var child = shell("trap '' TERM; echo up; sleep 1000")
    child.timeout = .milliseconds(50)
    #expect(try await child.run().status == .timedOut)
    let background = shell("sleep 1000 & echo $!")
    let result = try await background.run()
    #expect(result.status == .exited(0))
    let text = String(decoding: result.output, as: UTF8.self)
    let process = try #require(pid_t(text.trimmingLineEnds))
    kill(process, SIGKILL)
  }

  @Test func `a child killed by a signal says so`() async throws {
    #expect(try await shell("kill -9 $$").run().status == .signalled(9))
  }

  @Test func `a terminal becomes the controlling one, with or without the streams`() async throws {
    let terminal = try PseudoTerminal()
    let device = terminal.device
    var child = shell(
      "echo asked >/dev/tty; ps -o tty= -p $$ 2>/dev/null || true; test -t 0 || echo piped")
    child.terminal = .controlling(device)
    let result = try await child.run()
    #expect(String(decoding: result.output, as: UTF8.self).hasSuffix("piped\n"))
    child.terminal = .standard(device)
    #expect(try await child.run().output == [])
    #expect(terminal.output().hasPrefix("asked\r\n"))
  }
}
