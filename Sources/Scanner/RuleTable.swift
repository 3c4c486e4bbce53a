// The rules about added lines, as data. A change of any rule raises the version, which the ledger records.

package enum RuleTable {
  /// The version of all rules of the scanner, those on text, paths and modes included.
  package static let version = 2

  /// Every identifier a finding may carry.
  package static var identifiers: [String] {
    lineRules.map(\.id) + TextRule.all.map(\.id) + ProtectedPath.table.map(\.id)
  }

  static let lineRules: [LineRule] =
    secrets + hosts + execution + verification + cryptography + tests + others

  private static let execution: [LineRule] = [
    LineRule(
      "exec.eval", .warn, "Text is run as code.",
      in: [.python, .javascript, .php, .ruby, .perl], keywords: ["eval", "exec"],
      .all([
        .function,
        .shape { line, keyword in
          line.lower[keyword].elementsEqual("eval".utf8) || line.language == .python
        },
      ])),
    LineRule(
      "exec.shell-eval", .warn, "Text is run as shell commands.", in: [.shell, .build],
      keywords: ["eval "],
      .shape { line, keyword in
        line.startsWord(keyword.lowerBound)
          && line.bytes[keyword.upperBound...].contains(UInt8(ascii: "$"))
          && !line.hasAny(["ssh-agent", "shellenv", "dircolors", " init ", "hook", "completion"])
      }),
    LineRule(
      "exec.function-constructor", .warn, "Text is made into a function.", in: .javascript,
      keywords: ["new function("],
      .shape { line, keyword in
        line.bytes[keyword].elementsEqual("new Function(".utf8)
      }),
    LineRule(
      "exec.shell-option", .warn,
      "A command goes through a shell, which reads its arguments again.",
      in: [.python, .javascript], keywords: ["shell"], .shape(LineShapes.assigned(["true"]))),
    LineRule(
      "exec.system", .warn, "A command line is handed to a shell.", in: .code,
      keywords: [
        "os.system", "os.popen", "commands.getoutput", "shell_exec", "passthru", "proc_open",
      ],
      .call),
    LineRule(
      "exec.c-system", .warn, "A command line is handed to a shell.", in: [.c, .php, .perl, .ruby],
      keywords: ["system", "popen"], .function),
    LineRule(
      "exec.runtime", .warn, "A command is run.", in: .jvm, keywords: ["getruntime().exec"]),
    LineRule(
      "exec.child-process", .warn, "A command line is handed to a shell.", in: .javascript,
      keywords: ["execsync", "child_process"],
      .either([.call, .with([".exec(", "{ exec ", "{exec}", "{ exec}", "execsync"])])),
    LineRule(
      "exec.shell-argument", .warn, "A command line is handed to a shell.",
      in: [.go, .rust, .swift, .jvm, .dotnet],
      keywords: ["\"-c\"", "\"/c\""],
      .with(["\"sh\"", "\"bash\"", "/sh\"", "/bash\"", "\"cmd\"", "cmd.exe"])),
    LineRule(
      "exec.deserialise", .warn, "Reading this format can run code that the data chooses.",
      keywords: [
        "pickle.load", "pickle.loads", "cpickle.load", "marshal.loads", "dill.load", "dill.loads",
        "unserialize", "objectinputstream", "binaryformatter", "yaml.unsafe_load",
        "yaml.full_load", "marshal.load", "jsonpickle.decode",
      ], .all([.call, .either([.without(["allowed_classes"])])])),
    LineRule(
      "exec.yaml-load", .warn,
      "yaml.load without a safe loader can run code that the data chooses.",
      in: .python, keywords: ["yaml.load"],
      .all([.call, .without(["safeloader", "csafeloader", "baseloader"])])),
    LineRule(
      "exec.powershell", .warn, "Encoded or downloaded text is run as PowerShell.", in: .any,
      keywords: ["-encodedcommand", "invoke-expression", "downloadstring(", "frombase64string"],
      .either([.with(["powershell", "pwsh", "iex", "invoke-expression"])])),
    LineRule(
      "exec.decoded", .warn, "Decoded text is run as code.",
      keywords: [
        "b64decode", "atob(", "fromcharcode", "base64 -d", "base64 --decode", "base64_decode",
        "fromhex(", "zlib.decompress", "gzinflate",
      ], .with(["eval(", "exec(", "| sh", "|sh", "| bash", "|bash", "new function(", "system("])),
    LineRule(
      "exec.html", .note, "Text is put into a page as markup.", in: [.javascript, .markup],
      keywords: ["dangerouslysetinnerhtml", "document.write(", "insertadjacenthtml(", "v-html="]),
    LineRule(
      "exec.persistence", .warn,
      "The line changes what runs when somebody logs in or a machine starts.",
      keywords: [
        "authorized_keys", "/etc/rc.local", "launchagents/", "launchdaemons/", "/etc/cron",
        "/etc/ld.so.preload", "currentversion\\run", "crontab -", "/etc/sudoers",
      ]),
    LineRule(
      "exec.destructive", .warn, "The command removes a whole home directory, tree or repository.",
      in: .any, .code, keywords: ["rm"], .shape(LineShapes.destructiveRemoval)),
    LineRule(
      "exec.world-writable", .warn, "Everybody may write the file.",
      keywords: ["chmod", "0o777", "0777"],
      .shape { line, keyword in
        let rest = line.bytes[keyword.upperBound...].split { !RuleLine.isWord($0) }
        let isMode = { (word: ArraySlice<UInt8>) in
          word.elementsEqual("777".utf8) || word.elementsEqual("0777".utf8)
            || word.elementsEqual("0o777".utf8)
        }
        guard line.lower[keyword].elementsEqual("chmod".utf8) else {
          return line.hasAny(["chmod", "setattributes", "posixpermissions"])
            && line.endsWord(keyword.upperBound)
        }
        return rest.contains(where: isMode)
      }),
  ]

  private static let verification: [LineRule] = [
    LineRule(
      "tls.unverified", .warn, "The certificate of the other side is no longer checked.",
      keywords: [
        "verify", "insecureskipverify", "rejectunauthorized", "check_hostname", "verify_ssl",
        "ssl_verify", "verifypeer", "strict_ssl", "strict-ssl", "sslverify", "ssl_verifypeer",
        "verify_peer", "curlopt_ssl_verifypeer", "curlopt_ssl_verifyhost",
        "node_tls_reject_unauthorized", "validate_certs", "tls_skip_verify", "skip_tls_verify",
      ],
      .shape { line, keyword in
        let word = String(decoding: line.lower[keyword], as: UTF8.self)
        let inverse = ["insecureskipverify", "tls_skip_verify", "skip_tls_verify"].contains(word)
        return LineShapes.assigned(
          inverse ? ["true", "1", "yes"] : ["false", "0", "no", "off", "0l"])(
            line, keyword)
      }),
    LineRule(
      "tls.no-verifier", .warn, "The certificate of the other side is no longer checked.",
      keywords: [
        "_create_unverified_context", "cert_none", "danger_accept_invalid_certs(true",
        "danger_accept_invalid_hostnames(true", "noophostnameverifier", "allowallhostnameverifier",
        "trustallcerts", "git_ssl_no_verify", "--no-check-certificate", "ssl_verify_none",
        "verify_none", "servercertificatevalidationcallback", "insecure-registry", "--trusted-host",
        "dangerousacceptanyservercertificatevalidator",
      ]),
    LineRule(
      "tls.insecure-curl", .warn, "The download accepts any certificate.", in: .any, .code,
      keywords: ["curl"], .shape(LineShapes.insecureCurl)),
    LineRule(
      "tls.host-key", .warn, "The host key of the SSH server is no longer checked.",
      keywords: [
        "stricthostkeychecking", "autoaddpolicy", "insecureignorehostkey",
        "known_hosts_file=/dev/null",
      ],
      .either([
        .with(["autoaddpolicy(", "insecureignorehostkey("]),
        .shape { line, keyword in
          line.lower[keyword.upperBound...].drop { "= \"'".utf8.contains($0) }.starts(
            with: "no".utf8)
        },
      ])),
    LineRule(
      "verify.signature-off", .warn, "A signature is no longer checked.",
      keywords: [
        "verify_signature", "gpgcheck", "trusted=yes", "--allow-unauthenticated", "--no-gpg-check",
        "\"alg\": \"none\"",
      ],
      .either([
        .shape(LineShapes.assigned(["false", "0", "no"])),
        .with(["trusted=yes", "--allow-unauthenticated", "--no-gpg-check", "\"alg\": \"none\""]),
      ])),
    LineRule(
      "verify.csrf-off", .warn, "Protection against forged requests is switched off.",
      keywords: [
        "csrf_exempt", "csrf().disable", "csrf.disable",
        "skip_before_action :verify_authenticity_token", "wtf_csrf_enabled",
      ],
      .either([.without(["wtf_csrf_enabled"]), .with(["false"])])),
    LineRule(
      "verify.hooks-off", .warn, "The command skips the hooks of the repository.", in: .any, .code,
      keywords: ["--no-verify"], .with(["git ", "commit", "push"])),
    LineRule(
      "verify.check-silenced", .warn, "A security checker is told to look away.", in: .any,
      .anywhere,
      keywords: [
        "# nosec", "#nosec", "nosonar", "nosemgrep", "codeql[", "lgtm[", "#nosec g",
        "gosec:disable",
      ]),
    LineRule(
      "verify.cors-open", .note, "Pages of any origin may read the answer.",
      keywords: ["access-control-allow-origin"],
      .shape { line, keyword in
        line.bytes[keyword.upperBound...].drop { "\"',:= )]".utf8.contains($0) }.first
          == UInt8(ascii: "*")
      }),
  ]

  private static let cryptography: [LineRule] = [
    LineRule(
      "crypto.weak-hash", .warn, "A broken hash is used where an attacker would look.",
      keywords: ["md5", "sha1"],
      .all([
        .with(["password", "passwd", "token", "secret", "signature", "hmac", "credential"]),
        .without(["hmac_sha1", "hmacsha1", "hmac-sha1", "usedforsecurity=false", "import "]),
        .shape { line, keyword in
          // A call or the name of an algorithm in quotes, not a word in a sentence.
          line.startsWord(keyword.lowerBound)
            && "(\"'.".utf8.contains(line.byte(at: keyword.upperBound))
        },
      ])),
    LineRule(
      "crypto.weak-cipher", .warn, "The cipher, or its mode, is broken.",
      keywords: [
        "/ecb/", "mode_ecb", "aes-128-ecb", "aes-256-ecb", "ciphermode.ecb", "\"des/", "desede",
        "\"rc4\"", "arc4.new", "des.new(", "evp_des_", "evp_rc4", "-des-cbc", "'des-", "\"des-",
        "rc4.newcipher", "des.newcipher", "kccoptionecbmode",
      ]),
    LineRule(
      "crypto.weak-random", .warn, "Predictable randomness makes a value that must not be guessed.",
      keywords: [
        "math.random", "random.random", "random.randint", "random.choice", "mt_rand", "rand(",
      ],
      .with(["token", "secret", "password", "nonce", "otp", "sessionid", "session_id", "csrf"])),
    LineRule(
      "crypto.old-tls", .warn, "The protocol version has been broken for years.",
      keywords: [
        "protocol_sslv3", "protocol_sslv2", "sslv3_method", "tlsv1_method", "versiontls10",
        "versionssl30", "securityprotocoltype.ssl3", "minversion: 'tlsv1'", "\"tlsv1.0\"",
        "protocol_tlsv1",
      ],
      .shape { line, keyword in
        line.endsWord(keyword.upperBound)
          || !line.lower[keyword].elementsEqual("protocol_tlsv1".utf8)
      }),
  ]

  private static let tests: [LineRule] = [
    LineRule(
      "test.skipped", .warn, "A test is switched off.",
      in: [.python, .javascript, .go, .rust, .jvm, .dotnet, .swift, .ruby, .php],
      keywords: [
        "pytest.mark.skip", "pytest.skip(", "@unittest.skip(", "@ignore", "@disabled", "it.skip(",
        "describe.skip(", "test.skip(", "xit(", "xdescribe(", "#[ignore", "xctskip(", "t.skip(",
        "t.skipnow(", ".disabled(", "[ignore", "(skip =", "it.todo(",
      ],
      .shape { line, keyword in
        let needsTestFile = [
          "xit(", "xdescribe(", ".disabled(", "[ignore", "(skip =", "t.skip(", "@ignore",
          "@disabled",
        ]
        let word = String(decoding: line.lower[keyword], as: UTF8.self)
        // skipif names a condition, and people use it for platforms.
        if word == "pytest.mark.skip", !line.endsWord(keyword.upperBound) { return false }
        guard
          "@.#[(".utf8.contains(line.lower[keyword.lowerBound])
            || line.startsWord(keyword.lowerBound)
        else { return false }
        return line.isTest || !needsTestFile.contains(word)
      }),
    LineRule(
      "test.focused", .warn, "Only this test would run.", in: .javascript,
      keywords: ["it.only(", "describe.only(", "test.only(", "fdescribe(", "fit("],
      .shape { line, keyword in line.isTest && line.startsWord(keyword.lowerBound) }),
    LineRule(
      "test.always-true", .warn, "The assertion holds whatever the code does.",
      keywords: [
        "assert true", "asserttrue(true", "assert(true", "expect(true).tobe(true", "assert!(true",
        "xctasserttrue(true", "assert_true(true", "assert 1 == 1", "#expect(true)",
        "assertequal(1, 1",
        "#expect(bool(true))",
      ],
      .shape { line, keyword in
        guard line.isTest,
          line.startsWord(keyword.lowerBound) || line.lower[keyword.lowerBound] == UInt8(ascii: "#")
        else { return false }
        let next = line.byte(at: keyword.upperBound)
        return !RuleLine.isWord(next) && !" .&|<>=+".utf8.contains(next)
          || line.skipBlanks(keyword.upperBound) == line.bytes.count
      }),
    LineRule(
      "ci.failure-ignored", .warn, "A failing step no longer fails the build.", in: .yaml,
      keywords: ["continue-on-error", "allow_failure"], .shape(LineShapes.assigned(["true"]))),
    LineRule(
      "ci.failure-swallowed", .note, "A failing command no longer stops what follows.",
      in: [.yaml, .shell, .build], keywords: ["|| true", "|| :", "set +e"]),
    LineRule(
      "ci.privilege", .warn, "The pipeline gets more rights, or runs foreign code with its own.",
      in: .yaml,
      keywords: [
        "pull_request_target", "permissions: write-all", "privileged: true", "contents: write",
        "id-token: write",
      ]),
  ]

  private static let others: [LineRule] = [
    LineRule(
      "model.instruction", .warn, "A comment or text speaks to a model, not to a reader.", in: .any,
      .anywhere,
      keywords: ["ignore", "disregard", "forget"],
      .shape { line, keyword in
        LineShapes.followed(by: [
          "previous instructions", "prior instructions", "above instructions", "all instructions",
          "previous prompt", "system prompt", "your instructions", "earlier instructions",
          "previous directions",
        ])(line, keyword)
      }),
    LineRule(
      "model.address", .warn, "A comment or text speaks to a model, not to a reader.", in: .any,
      .comment,
      keywords: [
        "note to ai", "note to the ai", "note to llm", "note to the llm", "ai assistant:",
        "attention ai",
        "ai reviewer", "ai agents must", "ai agents should", "dear ai", "dear assistant",
        "instructions for ai", "instructions for the ai", "if you are an ai",
        "if you are a language model",
        "as an ai language model", "you are a helpful assistant", "do not tell the user",
        "don't tell the user", "without telling the user", "do not mention this to",
        "approve this change", "mark this as safe", "this code is safe, approve",
      ]),
    LineRule(
      "model.control-token", .warn, "The line has a control token of chat models.", in: .any,
      .anywhere,
      keywords: [
        "<|im_start|>", "<|im_end|>", "<|endoftext|>", "[/inst]", "<|system|>", "<|eot_id|>",
        "<start_of_turn>",
      ]),
    LineRule(
      "dependency.install-script", .warn, "The script runs when somebody installs the package.",
      in: .json,
      keywords: ["\"preinstall\"", "\"postinstall\"", "\"install\"", "\"prepare\""],
      .shape { line, keyword in
        let next = line.skipBlanks(keyword.upperBound)
        return line.byte(at: next) == UInt8(ascii: ":")
          && line.byte(at: line.skipBlanks(next + 1)) == UInt8(ascii: "\"")
      }),
    LineRule(
      "dependency.index", .warn, "Packages may come from another registry than before.", in: .code,
      .anywhere,
      keywords: [
        "--extra-index-url", "--index-url", "extra-index-url", "replace-with =", "registry=",
      ],
      .shape { line, keyword in
        line.lower[keyword].elementsEqual("registry=".utf8)
          ? line.has("http") : true
      }),
    LineRule(
      "text.conflict-marker", .warn, "A conflict marker was left in the file.", in: .any, .anywhere,
      keywords: ["<<<<<<< ", ">>>>>>> ", "||||||| "],
      .shape { line, keyword in
        keyword.lowerBound == 0 && line.byte(at: keyword.upperBound) != 0
      }),
  ]
}
