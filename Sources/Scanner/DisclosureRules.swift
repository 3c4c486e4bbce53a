// The rules about what a line gives away or where it reaches: secrets in the text, and hosts. A part of the rule table, whose version it has.

extension RuleTable {
  static let secrets: [LineRule] = [
    LineRule(
      "secret.private-key", .warn, "A private key is part of the change.", in: .any, .anywhere,
      keywords: ["-----begin "],
      .shape { line, keyword in
        line.run(from: keyword.upperBound) { $0 != UInt8(ascii: "-") }
          .suffix(11).elementsEqual("PRIVATE KEY".utf8)
      }),
    LineRule(
      "secret.aws-key", .warn, "The line has what looks like an AWS access key.", in: .any,
      .anywhere,
      keywords: ["akia", "asia"], .shape(LineShapes.awsKey)),
    LineRule(
      "secret.github-token", .warn, "The line has what looks like a GitHub token.", in: .any,
      .anywhere,
      keywords: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
      .either([
        .shape(LineShapes.token("ghp_", count: 36...255)),
        .shape(LineShapes.token("gho_", count: 36...255)),
        .shape(LineShapes.token("ghu_", count: 36...255)),
        .shape(LineShapes.token("ghs_", count: 36...255)),
        .shape(LineShapes.token("ghr_", count: 36...255)),
        .shape(LineShapes.token("github_pat_", count: 60...255, dashes: true)),
      ])),
    LineRule(
      "secret.gitlab-token", .warn, "The line has what looks like a GitLab token.", in: .any,
      .anywhere,
      keywords: ["glpat-"], .shape(LineShapes.token("glpat-", count: 20...255, dashes: true))),
    LineRule(
      "secret.slack-token", .warn, "The line has what looks like a Slack token.", in: .any,
      .anywhere,
      keywords: ["xoxb-", "xoxp-", "xoxa-", "xoxs-"],
      .either(
        ["xoxb-", "xoxp-", "xoxa-", "xoxs-"].map {
          .shape(LineShapes.token($0, count: 20...255, dashes: true))
        })),
    LineRule(
      "secret.payment-key", .warn, "The line has what looks like a live payment key.", in: .any,
      .anywhere,
      keywords: ["sk_live_", "rk_live_"],
      .either([
        .shape(LineShapes.token("sk_live_", count: 16...255)),
        .shape(LineShapes.token("rk_live_", count: 16...255)),
      ])),
    LineRule(
      "secret.google-key", .warn, "The line has what looks like a Google API key.", in: .any,
      .anywhere,
      keywords: ["aiza"], .shape(LineShapes.token("AIza", count: 35...35, dashes: true))),
    LineRule(
      "secret.model-key", .warn, "The line has what looks like a key of a model service.", in: .any,
      .anywhere, keywords: ["sk-ant-", "sk-proj-", "hf_"],
      .either([
        .shape(LineShapes.token("sk-ant-", count: 24...255, dashes: true)),
        .shape(LineShapes.token("sk-proj-", count: 24...255, dashes: true)),
        .shape(LineShapes.token("hf_", count: 34...40)),
      ])),
    LineRule(
      "secret.jwt", .warn, "The line has a signed web token.", in: .any, .anywhere,
      keywords: ["eyj"], .shape(LineShapes.jsonWebToken)),
    LineRule(
      "secret.url-password", .warn, "The line has a password inside a URL.", in: .any, .anywhere,
      keywords: ["://"], .shape(LineShapes.passwordInURL)),
    LineRule(
      "secret.assigned", .warn, "A value that looks random is assigned to a secret's name.",
      keywords: [
        "password", "passwd", "secret", "api_key", "apikey", "access_key", "auth_token",
        "access_token", "private_token", "encryption_key",
      ], .shape(LineShapes.assignedSecret)),
  ]

  static let hosts: [LineRule] = [
    LineRule(
      "net.new-host", .note, "The line names a network host that the removed lines do not.",
      in: .code.subtracting(.markup),
      keywords: ["http://", "https://", "ws://", "wss://", "ftp://"],
      .shape(LineShapes.newHost)),
    LineRule(
      "net.address", .warn, "The line talks to a public address without a name.",
      keywords: ["http://", "https://", "ws://", "wss://", "ftp://", "tcp://"],
      .shape(LineShapes.addressLiteral)),
    LineRule(
      "net.drop-site", .warn, "The host is one where anybody can receive data without being known.",
      keywords: [
        "ngrok.io", "ngrok.app", "ngrok-free.app", "webhook.site", "requestbin", "pipedream.net",
        "burpcollaborator", "oastify.com", "interact.sh", "transfer.sh", "pastebin.com/raw",
        "discord.com/api/webhooks", "discordapp.com/api/webhooks", "api.telegram.org/bot",
        "trycloudflare.com", "requestcatcher.com",
      ]),
    LineRule(
      "net.pipe-to-shell", .warn, "What is downloaded is run at once.", in: .any, .code,
      keywords: ["curl", "wget"], .shape(LineShapes.pipedToInterpreter)),
  ]
}
