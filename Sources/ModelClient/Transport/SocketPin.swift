// Holds a connection to what the guard checked: before the socket is made, and once it is connected.

import CCurl
import Glibc

/// The other end is not who was checked; a full sentence.
struct WrongPeer: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

/// Compares sockets with a checked endpoint.
struct SocketPin {
  private let target: CheckedEndpoint.Target

  init(_ target: CheckedEndpoint.Target) { self.target = target }

  /// Throws unless `address`, which libcurl is about to connect to, was checked.
  func check(connectingTo address: UnsafeMutablePointer<curl_sockaddr>) throws(WrongPeer) {
    let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr)!
    let raw = UnsafeRawPointer(address) + offset
    switch target {
    case .transcript:
      throw WrongPeer("a transcript is played, not connected to.")
    case .socket:
      guard address.pointee.family == AF_UNIX else {
        throw WrongPeer("a connection to a network address was about to be made.")
      }
    case .addresses(let allowed, _, let port, _):
      let socketAddress = raw.assumingMemoryBound(to: sockaddr.self)
      guard let wanted = IPAddress(socketAddress: socketAddress), allowed.contains(wanted) else {
        throw WrongPeer("a connection to an address that was not checked was about to be made.")
      }
      // The port lies at the same place in both families.
      let wantedPort = UInt16(bigEndian: raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      guard Int(wantedPort) == port else {
        throw WrongPeer("a connection to port \(wantedPort), not \(port), was about to be made.")
      }
    }
  }

  /// Whether `user` is one we expect behind a socket of `owner`: the owner, root or ourselves.
  static func mayListen(user: UInt32, owner: UInt32, us: UInt32) -> Bool {
    user == owner || user == 0 || user == us
  }

  /// Throws unless the connected peer is who was checked.
  ///
  /// - Parameters:
  ///   - peer: the address libcurl read from the connected socket; empty for a unix socket.
  ///   - descriptor: the unix socket.
  func check(peer: String, port: Int, descriptor: Int32) throws(WrongPeer) {
    switch target {
    case .transcript:
      throw WrongPeer("a transcript is played, not connected to.")
    case .addresses(let allowed, _, let wantedPort, _):
      guard let address = IPAddress(peer), allowed.contains(address), port == wantedPort else {
        throw WrongPeer("it is connected to \(peer) port \(port), which was not checked.")
      }
    case .socket(let path, let owner):
      var credentials = cs_peer_credentials()
      var length = socklen_t(MemoryLayout<cs_peer_credentials>.size)
      let status = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
      guard status == 0 else {
        throw WrongPeer("the system does not say who listens at \(path).")
      }
      guard Self.mayListen(user: credentials.uid, owner: owner, us: geteuid()) else {
        throw WrongPeer(
          "user \(credentials.uid) listens at \(path), which belongs to user \(owner).")
      }
    }
  }
}
