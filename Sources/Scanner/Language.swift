// What a file is written in, as far as rules care; told from its name.

struct Languages: OptionSet, Sendable, Hashable {
  let rawValue: UInt32
  static let python = Languages(rawValue: 1 << 0)
  static let javascript = Languages(rawValue: 1 << 1)
  static let shell = Languages(rawValue: 1 << 2)
  static let go = Languages(rawValue: 1 << 3)
  static let rust = Languages(rawValue: 1 << 4)
  static let c = Languages(rawValue: 1 << 5)
  static let jvm = Languages(rawValue: 1 << 6)
  static let dotnet = Languages(rawValue: 1 << 7)
  static let php = Languages(rawValue: 1 << 8)
  static let ruby = Languages(rawValue: 1 << 9)
  static let perl = Languages(rawValue: 1 << 10)
  static let swift = Languages(rawValue: 1 << 11)
  static let yaml = Languages(rawValue: 1 << 12)
  static let config = Languages(rawValue: 1 << 13)
  static let prose = Languages(rawValue: 1 << 14)
  static let markup = Languages(rawValue: 1 << 15)
  static let sql = Languages(rawValue: 1 << 16)
  static let build = Languages(rawValue: 1 << 17)
  static let powershell = Languages(rawValue: 1 << 18)
  static let other = Languages(rawValue: 1 << 19)
  static let json = Languages(rawValue: 1 << 20)
  /// Generated lists of digests and addresses.
  static let lockfile = Languages(rawValue: 1 << 21)

  static let any = Languages(rawValue: (1 << 21) - 1)
  /// Everything that is run or steers what is run.
  static let code = any.subtracting([.prose])

  /// The language of a file of that path.
  static func of(_ path: RulePath) -> Languages {
    let name = path.name
    if lockfiles.contains(name) || name.hasSuffix(".lock") { return .lockfile }
    if let named = names[name] { return named }
    if name.hasPrefix("dockerfile") { return .build }
    if name.hasPrefix("requirements"), name.hasSuffix(".txt") { return .config }
    guard let dot = name.lastIndex(of: ".") else { return .other }
    return endings[String(name[name.index(after: dot)...])] ?? .other
  }

  private static let lockfiles: Set<String> = [
    "package-lock.json", "pnpm-lock.yaml", "npm-shrinkwrap.json", "go.sum", "package.resolved",
    "packages.lock.json", "bun.lockb",
  ]
  private static let names: [String: Languages] = [
    "makefile": .build, "gnumakefile": .build, "containerfile": .build, "justfile": .build,
    "jenkinsfile": .jvm, "rakefile": .ruby, "gemfile": .ruby, "license": .prose,
    "readme": .prose, "changelog": .prose, "authors": .prose, "copying": .prose,
    ".bashrc": .shell, ".profile": .shell, ".zshrc": .shell, ".envrc": .shell, ".env": .config,
    ".npmrc": .config, "pip.conf": .config,
  ]
  private static let endings: [String: Languages] = {
    let groups: [(Languages, String)] = [
      (.python, "py pyi pyw ipynb"), (.javascript, "js jsx ts tsx mjs cjs mts cts vue svelte"),
      (.shell, "sh bash zsh ksh fish bats"), (.go, "go"), (.rust, "rs"),
      (.c, "c h cc cpp cxx hpp hh m mm"), (.jvm, "java kt kts scala groovy gradle clj"),
      (.dotnet, "cs fs vb cshtml"), (.php, "php phtml"), (.ruby, "rb erb rake"),
      (.perl, "pl pm"), (.swift, "swift"), (.yaml, "yml yaml"),
      (.config, "toml ini cfg conf properties env tf hcl"), (.json, "json json5 jsonc"),
      (.prose, "md markdown rst txt adoc org tex"), (.markup, "html htm xml svg xhtml"),
      (.sql, "sql"), (.build, "mk cmake dockerfile"), (.powershell, "ps1 psm1 psd1 bat cmd"),
    ]
    var endings: [String: Languages] = [:]
    for (language, list) in groups {
      for ending in list.split(separator: " ") { endings[String(ending)] = language }
    }
    return endings
  }()

  /// Whether `#` starts a comment.
  var hasHashComments: Bool {
    !isDisjoint(with: [
      .python, .shell, .php, .ruby, .perl, .yaml, .config, .build, .powershell, .other,
    ])
  }

  /// Whether `--` starts a comment.
  var hasDashComments: Bool { self == .sql }
}
