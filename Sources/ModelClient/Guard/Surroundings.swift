// What the guard asks the system: one name lookup, and the facts about a socket's file.

import Glibc

extension PrivacyGuard.Surroundings {
  /// The machine's own answers. Both block: call them off the cooperative pool.
  package static let system = PrivacyGuard.Surroundings(
    resolve: resolveHostName, inspectSocket: inspectSocketFile)
}

/// `localhost` means loopback by definition (RFC 6761) and is not looked up.
private func resolveHostName(_ name: String) throws(PolicyRefusal) -> [IPAddress] {
  if name == "localhost" || name.hasSuffix(".localhost") {
    return [IPAddress("127.0.0.1"), IPAddress("::1")].compactMap { $0 }
  }
  var hints = addrinfo()
  hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
  var first: UnsafeMutablePointer<addrinfo>?
  let status = getaddrinfo(name, nil, &hints, &first)
  guard status == 0 else {
    throw PolicyRefusal("\(name) could not be looked up: \(String(cString: gai_strerror(status))).")
  }
  defer { freeaddrinfo(first) }
  var addresses: [IPAddress] = []
  var entry = first
  while let current = entry {
    if let socketAddress = current.pointee.ai_addr,
      let address = IPAddress(socketAddress: socketAddress), !addresses.contains(address)
    {
      addresses.append(address)
    }
    entry = current.pointee.ai_next
  }
  return addresses
}

extension IPAddress {
  /// The address in a `sockaddr` of the internet families; nil for every other family.
  init?(socketAddress: UnsafePointer<sockaddr>) {
    let raw = UnsafeRawPointer(socketAddress)
    switch Int32(socketAddress.pointee.sa_family) {
    case AF_INET:
      let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
      self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
    case AF_INET6:
      let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
    default: return nil
    }
  }
}

/// Refuses what is no socket, and what somebody else could have put there.
///
/// Every directory above must be writable only by its owner and group, or be sticky; in a sticky
/// world-writable directory, where anybody can make a file, the socket must be root's or ours.
private func inspectSocketFile(_ path: String) throws(PolicyRefusal) -> UInt32 {
  var facts = stat()
  guard lstat(path, &facts) == 0 else {
    throw PolicyRefusal(
      "There is no socket at \(path) (\(String(cString: strerror(errno)))). Start the server first."
    )
  }
  guard facts.st_mode & S_IFMT == S_IFSOCK else {
    throw PolicyRefusal("\(path) is not a socket, or is a link to one. Give the socket itself.")
  }
  let directory = path.lastIndex(of: "/").map { path[..<$0] }.map { $0.isEmpty ? "/" : $0 } ?? "/"
  guard let resolved = realpath(String(directory), nil) else {
    throw PolicyRefusal("\(directory) cannot be read (\(String(cString: strerror(errno)))).")
  }
  defer { free(resolved) }
  var current = String(cString: resolved)
  var isDirectParent = true
  while true {
    var folder = stat()
    guard lstat(current, &folder) == 0 else {
      throw PolicyRefusal("\(current) cannot be read (\(String(cString: strerror(errno)))).")
    }
    if folder.st_mode & S_IWOTH != 0 {
      guard folder.st_mode & S_ISVTX != 0 else {
        throw PolicyRefusal("Anybody can replace \(path), since \(current) is writable by all.")
      }
      guard !isDirectParent || facts.st_uid == 0 || facts.st_uid == geteuid() else {
        throw PolicyRefusal(
          "\(path) lies where anybody can put a socket and belongs to user \(facts.st_uid).")
      }
    }
    guard current != "/", let slash = current.lastIndex(of: "/") else { break }
    current = slash == current.startIndex ? "/" : String(current[..<slash])
    isDirectParent = false
  }
  return facts.st_uid
}
