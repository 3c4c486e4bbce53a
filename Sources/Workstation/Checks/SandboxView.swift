// What a check sees of the machine: what it may write, what it may only read, and what it does not see at all.

import Glibc

/// The files around a check, all absolute, as they are when this is made.
struct SandboxView: Hashable, Sendable {
  /// Where the check runs; it may write there.
  var worktree: String
  /// Where it may write besides.
  var writable: [String]
  /// What it may only read, although what is around it is hidden: home, checkout, repository.
  let readable: [String]
  /// The system's directories that it is not to see; what it may see of them is shown again.
  let hidden: [String]
  /// The user's directories that it is not to see at all.
  let secret: [String]
  /// Files that it finds empty: secrets, and the sockets and pipes that can be found where it may look.
  let emptied: [String]

  /// Where sockets and secrets of the user's are, below the home: agents, containers, keys.
  private static let secretPlaces = [
    ".ssh", ".gnupg", ".docker", ".colima", ".lima", ".podman", ".rd", ".kube", ".aws", ".azure",
    ".config/gcloud", ".config/gh", ".config/countersign", ".config/op", ".local/share/keyrings",
    ".local/share/containers", ".password-store", ".1password", ".terraform.d",
  ]
  /// Files with passwords and tokens, below the home.
  private static let secretFiles = [
    ".netrc", ".git-credentials", ".config/git/credentials", ".npmrc", ".pypirc", ".pgpass",
    ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".vault-token",
    ".m2/settings.xml", ".gradle/gradle.properties",
  ]
  /// How deep below what is shown sockets and pipes are looked for.
  private static let searchDepth = 3

  /// Looks at the home, the checkout and the repository, three levels deep, and at the system's table of sockets.
  ///
  /// - Parameters:
  ///   - homes: the user's, as HOME and as the system have it; see `homes(_:)`.
  ///   - keyFiles: files with keys that the configuration names.
  init(
    worktree: String, writable: [String], checkout: String, repository: String, homes: [String],
    keyFiles: [String]
  ) {
    self.worktree = worktree
    self.writable = writable
    // A home that is the root, or is not there, is nothing to protect beyond the rest.
    let homes = homes.filter { $0 != "/" && LocalFiles.isDirectory($0) }
    let readable = homes + [checkout, repository]
    let hidden = Self.directories(["/tmp", "/var/tmp", "/run", "/var/run"])
    let secret = Self.directories(
      homes.flatMap { home in Self.secretPlaces.map { "\(home)/\($0)" } })
    let files =
      (homes.flatMap { home in Self.secretFiles.map { "\(home)/\($0)" } } + keyFiles)
      .compactMap(Self.resolved)
    let found = Set(
      files + Self.namedSockets()
        + readable.flatMap { Self.socketsAndPipes(below: $0, depth: Self.searchDepth) })
    func isIn(_ file: String, _ places: [String]) -> Bool {
      places.contains { file.hasPrefix("\($0)/") }
    }
    self.readable = readable
    self.hidden = hidden
    self.secret = secret
    emptied = found.sorted().filter { file in
      access(file, F_OK) == 0 && !isIn(file, secret)
        && (!isIn(file, hidden) || isIn(file, readable + writable + [worktree]))
    }
  }

  /// The user's home directories: the one that HOME names, and the one of the password database, which programs may use instead.
  static func homes(_ environment: [String: String]) -> [String] {
    let named = environment["HOME"].map { [$0] } ?? []
    guard let entry = getpwuid(getuid()), let place = entry.pointee.pw_dir else { return named }
    let own = String(cString: place)
    return named.contains(own) ? named : named + [own]
  }

  /// A place that would be shown and holds one that is to be hidden; nil when there is none.
  var contradiction: String? {
    readable.first { shown in
      hidden.contains { $0 == shown || $0.hasPrefix("\(shown)/") } || shown == "/"
    }
  }

  /// The real directories of those places, each once.
  private static func directories(_ places: [String]) -> [String] {
    var found: [String] = []
    for place in places.compactMap(resolved)
    where !found.contains(place) && LocalFiles.isDirectory(place) {
      found.append(place)
    }
    return found
  }

  private static func resolved(_ path: String) -> String? {
    guard let path = realpath(path, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// The sockets and pipes below a directory; links are not followed.
  private static func socketsAndPipes(below place: String, depth: Int) -> [String] {
    var found: [String] = []
    // What the user cannot list, a check cannot either.
    for (name, kind) in LocalFiles.entries(in: place) ?? [] {
      switch kind {
      case .socketOrPipe: found.append("\(place)/\(name)")
      case .directory where depth > 1:
        found += socketsAndPipes(below: "\(place)/\(name)", depth: depth - 1)
      case .directory, .other: break
      }
    }
    return found
  }

  /// The sockets of this machine that were bound to an absolute path.
  private static func namedSockets() -> [String] {
    // A kernel without the table has none to hide by it; the search below finds those in reach.
    guard let table = try? LocalFiles.read("/proc/net/unix") else { return [] }
    return String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst()
      .compactMap { line -> String? in
        let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
        guard fields.count == 8, fields[7].hasPrefix("/") else { return nil }
        return resolved(String(fields[7]))
      }
  }
}
