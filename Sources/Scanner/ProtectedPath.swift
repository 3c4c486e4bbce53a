// Paths whose change acts beyond the code: builds, pipelines, dependencies, hooks, git, agents.

/// A kind of protected path, as patterns over the lower-cased path.
package struct ProtectedPath: Sendable {
  package let id: String
  package let sentence: String
  /// Whole file names.
  let names: Set<String>
  /// Endings of file names.
  let endings: [String]
  /// Directories, anywhere in the path, with a slash at the end; `a/b/` has to be found in one piece.
  let directories: [String]

  static let table: [ProtectedPath] = [
    ProtectedPath(
      id: "path.ci",
      sentence: "The file steers continuous integration, which runs with its own rights.",
      names: [
        ".gitlab-ci.yml", "jenkinsfile", "azure-pipelines.yml", ".travis.yml", ".drone.yml",
        "bitbucket-pipelines.yml", "appveyor.yml", ".appveyor.yml", "cloudbuild.yaml",
        "cloudbuild.yml", ".cirrus.yml", ".woodpecker.yml", "codeowners", "dependabot.yml",
        "renovate.json", ".pre-commit-hooks.yaml",
      ], endings: [".gitlab-ci.yml"],
      directories: [
        ".github/workflows/", ".github/actions/", ".circleci/", ".buildkite/", ".teamcity/",
        ".tekton/", ".forgejo/workflows/", ".gitea/workflows/", ".woodpecker/", ".gitlab/ci/",
      ]),
    ProtectedPath(
      id: "path.hook", sentence: "The file runs, or decides what runs, when people work with git.",
      names: [
        ".pre-commit-config.yaml", "lefthook.yml", ".lefthook.yml", "lefthook.yaml",
        ".lintstagedrc", ".lintstagedrc.json", ".envrc", ".huskyrc", "pre-commit", "commit-msg",
        "pre-push", "post-checkout", "post-merge", ".countersign.toml",
      ], endings: [], directories: [".husky/", ".githooks/", "githooks/", "git-hooks/"]),
    ProtectedPath(
      id: "path.build",
      sentence: "The file runs on the machines of those who build or open the project.",
      names: [
        "makefile", "gnumakefile", "cmakelists.txt", "configure", "configure.ac", "build.rs",
        "setup.py", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts",
        "gradlew", "gradlew.bat", "mvnw", "mvnw.cmd", "gradle-wrapper.properties",
        "gradle.properties", "meson.build", "build", "build.bazel", "workspace",
        "workspace.bazel", "module.bazel", "dockerfile", "containerfile", "docker-compose.yml",
        "docker-compose.yaml", "compose.yaml", "compose.yml", "justfile", "rakefile",
        "gruntfile.js", "gulpfile.js", "vagrantfile", "tox.ini", "noxfile.py", "sconstruct",
        "build.zig", "build.sbt", "directory.build.props", "directory.build.targets",
        "webpack.config.js", "vite.config.ts", "vite.config.js", "rollup.config.js", "build.sh",
        "build.ps1", "build.xml", "taskfile.yml", "procfile", "makefile.am", "autogen.sh",
      ],
      endings: [
        ".mk", ".cmake", ".bzl", ".csproj", ".vcxproj", ".fsproj", ".vbproj", ".targets",
        ".pbxproj", ".dockerfile",
      ], directories: [".vscode/", ".idea/", ".devcontainer/"]),
    ProtectedPath(
      id: "path.dependency", sentence: "The file decides which foreign code comes in.",
      names: [
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml",
        "pnpm-workspace.yaml", "bun.lock", "bun.lockb", ".npmrc", ".yarnrc", ".yarnrc.yml",
        "deno.json", "deno.lock", "pipfile", "pipfile.lock", "pyproject.toml", "poetry.lock",
        "uv.lock", "setup.cfg", "pip.conf", ".pypirc", "environment.yml", "conda.yaml",
        "cargo.toml", "cargo.lock", "go.mod", "go.sum", "go.work", "go.work.sum", "gemfile",
        "gemfile.lock", "composer.json", "composer.lock", "pom.xml", "package.swift",
        "package.resolved", "podfile", "podfile.lock", "cartfile", "cartfile.resolved",
        "packages.config", "packages.lock.json", "nuget.config", "directory.packages.props",
        "mix.exs", "mix.lock", "rebar.config", "rebar.lock", "pubspec.yaml", "pubspec.lock",
        "flake.nix", "flake.lock", "stack.yaml", "stack.yaml.lock", "vcpkg.json", "conanfile.txt",
        "conanfile.py", "build.zig.zon", ".terraform.lock.hcl", "chart.lock", "libs.versions.toml",
        "gradle.lockfile", "requirements.txt", "constraints.txt", "pdm.lock", "pixi.lock",
      ], endings: [".gemspec", ".nuspec", ".cabal", "-requirements.txt", ".podspec"],
      directories: [".cargo/", "requirements/"]),
    ProtectedPath(
      id: "path.git", sentence: "The file changes how git itself treats the tree.",
      names: [".gitattributes", ".gitmodules", ".gitconfig", ".lfsconfig"], endings: [],
      directories: []),
    ProtectedPath(
      id: "path.agent", sentence: "The file instructs coding agents, which act on it unasked.",
      names: [
        "agents.md", "agent.md", "claude.md", "claude.local.md", "gemini.md", "skill.md",
        "copilot-instructions.md", ".cursorrules", ".windsurfrules", ".clinerules", ".roorules",
        ".goosehints", ".aider.conf.yml", ".mcp.json", "mcp.json", ".aiderignore",
      ], endings: [".instructions.md", ".mdc", ".prompt.md"],
      directories: [
        ".cursor/", ".claude/", ".codex/", ".roo/", ".continue/", ".kiro/", ".junie/", ".windsurf/",
        ".clinerules/", ".gemini/", ".agents/", ".countersign/",
      ]),
  ]

  /// The kinds that a path is of, in the order of the table.
  static func kinds(of path: RulePath) -> [ProtectedPath] {
    let named = kindsByName[path.name] ?? []
    let isInDirectory = path.directories.contains { firstDirectories.contains($0) }
    return table.indices.filter { index in
      named.contains(index) || table[index].hasEnding(of: path.name)
        || isInDirectory && table[index].hasDirectory(of: path)
    }
    .map { table[$0] }
  }

  private static let kindsByName: [String: [Int]] = {
    var kinds: [String: [Int]] = [:]
    for (index, kind) in table.enumerated() {
      for name in kind.names { kinds[name, default: []].append(index) }
    }
    return kinds
  }()

  /// The first directories of all patterns: most paths have none of them.
  private static let firstDirectories = Set(
    table.flatMap(\.directories).compactMap { $0.split(separator: "/").first.map { String($0) } })

  private func hasEnding(of name: String) -> Bool {
    endings.contains { name.hasSuffix($0) }
      || id == "path.dependency" && name.hasPrefix("requirements") && name.hasSuffix(".txt")
  }

  private func hasDirectory(of path: RulePath) -> Bool {
    let rooted = "/\(path.directories.map { "\($0)/" }.joined())"
    return directories.contains { rooted.contains("/\($0)") }
  }
}
