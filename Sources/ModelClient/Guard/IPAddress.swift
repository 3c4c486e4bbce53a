// IP addresses as numbers: read strictly, classified, and written in one spelling.

/// An IPv4 or IPv6 address. An IPv4-mapped IPv6 address becomes the IPv4 address it stands for.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes, most significant first.
  package let bytes: [UInt8]

  /// Makes an address of 4 or 16 bytes; nil for any other count.
  package init?(bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16:
      let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
      self.bytes = isMapped ? Array(bytes[12...]) : bytes
    default: return nil
    }
  }

  /// Reads the one usual spelling: four decimal numbers without leading zeros, or IPv6 without zone.
  package init?(_ text: some StringProtocol) {
    guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text) else {
      return nil
    }
    self.init(bytes: bytes)
  }

  package var isVersion4: Bool { bytes.count == 4 }

  /// The address in the spelling handed to the network library.
  package var description: String {
    if isVersion4 { return bytes.map { String($0) }.joined(separator: ".") }
    let groups = stride(from: 0, to: 16, by: 2).map {
      String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
    }
    return groups.joined(separator: ":")
  }

  /// What the address is good for.
  package var scope: AddressScope {
    isVersion4 ? Self.scope4(bytes) : Self.scope6(bytes)
  }

  private static func version4(_ text: some StringProtocol) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        part.utf8.count == 1 || part.utf8.first != 0x30, let number = UInt8(part)
      else { return nil }
      bytes.append(number)
    }
    return bytes
  }

  private static func version6(_ text: some StringProtocol) -> [UInt8]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = groups(halves[0], mayEndInVersion4: halves.count == 1)
    else { return nil }
    guard halves.count == 2 else { return head.count == 16 ? head : nil }
    guard let tail = groups(halves[1], mayEndInVersion4: true), head.count + tail.count <= 14
    else { return nil }
    return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
  }

  private static func groups(
    _ text: some StringProtocol, mayEndInVersion4: Bool
  ) -> [UInt8]? {
    if text.isEmpty { return [] }
    var bytes: [UInt8] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if part.contains("."), mayEndInVersion4, index == parts.count - 1 {
        guard let last = version4(part) else { return nil }
        bytes += last
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
        let number = UInt16(part, radix: 16)
      else { return nil }
      bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
    }
    return bytes.count <= 16 ? bytes : nil
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func scope4(_ bytes: [UInt8]) -> AddressScope {
    switch (bytes[0], bytes[1]) {
    case (127, _): .loopback
    case (10, _), (172, 16...31), (192, 168): .privateNetwork
    case (169, 254): .linkLocal
    case (0, _), (224..., _): .unusable
    default: .publicNetwork
    }
  }

  private static func scope6(_ bytes: [UInt8]) -> AddressScope {
    if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .loopback : .unusable }
    // Old IPv4-compatible addresses, and metadata services of clouds inside the unique-local range:
    // Amazon's fd00:ec2::254 and Google's fd20:ce::254.
    if bytes[..<12].allSatisfy({ $0 == 0 }) { return .unusable }
    if bytes.starts(with: [0xFD, 0x00, 0x0E, 0xC2]) { return .linkLocal }
    if bytes.starts(with: [0xFD, 0x20, 0x00, 0xCE]) { return .linkLocal }
    switch (bytes[0], bytes[1]) {
    case (0xFC...0xFD, _): return .privateNetwork
    case (0xFE, 0x80...0xBF): return .linkLocal
    case (0xFF, _): return .unusable
    default: return .publicNetwork
    }
  }
}

/// Where an address leads.
package enum AddressScope: Sendable {
  /// 127.0.0.0/8 and ::1.
  case loopback
  /// RFC 1918 and unique local addresses (fc00::/7).
  case privateNetwork
  /// 169.254.0.0/16 and fe80::/10, where cloud metadata services live, and those services elsewhere.
  case linkLocal
  /// Unspecified, multicast, reserved: nothing to connect to.
  case unusable
  case publicNetwork
}

/// A range of addresses such as 10.1.0.0/16.
package struct AddressRange: Hashable, Sendable {
  package let base: IPAddress
  package let prefixLength: Int

  /// Reads `address/bits`, or one address. Bits beyond the prefix must be zero.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let base = IPAddress(parts[0]) else { return nil }
    let width = base.bytes.count * 8
    self.base = base
    guard parts.count == 2 else {
      prefixLength = width
      return
    }
    guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
      bits <= width, Self.masked(base.bytes, bits) == base.bytes
    else { return nil }
    prefixLength = bits
  }

  package func contains(_ address: IPAddress) -> Bool {
    address.bytes.count == base.bytes.count
      && Self.masked(address.bytes, prefixLength) == base.bytes
  }

  private static func masked(_ bytes: [UInt8], _ bits: Int) -> [UInt8] {
    bytes.enumerated().map { index, byte in
      let kept = max(0, min(8, bits - index * 8))
      return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
    }
  }
}
