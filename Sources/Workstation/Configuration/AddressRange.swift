// Addresses that the user allows: a literal or a range in prefix notation.

import Glibc

/// A range of IPv4 or IPv6 addresses.
package struct AddressRange: Hashable, Sendable {
  /// As the user wrote it.
  package let text: String
  /// The first address in network order: 4 bytes or 16.
  package let octets: [UInt8]
  /// How many leading bits count: 32 or 128 for a single address.
  package let prefixLength: Int

  /// Whether the address of `octets` (4 or 16 bytes in network order) lies in the range.
  ///
  /// An IPv4 address never lies in an IPv6 range, nor the other way round.
  package func contains(_ address: [UInt8]) -> Bool {
    address.count == octets.count
      && AddressRange.masked(address, prefixLength: prefixLength) == octets
  }

  /// Reads `192.168.1.7`, `10.0.0.0/8`, `fd00::/8`. Bits behind the prefix must be zero.
  static func parse(_ text: String) -> Result<AddressRange, AddressRefusal> {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let octets = octets(String(parts[0])) else {
      return .failure(
        AddressRefusal(text, "is neither an address nor a range such as 192.168.1.0/24"))
    }
    let bitCount = octets.count * 8
    guard parts.count == 2 else {
      return .success(AddressRange(text: text, octets: octets, prefixLength: bitCount))
    }
    guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
      (1...bitCount).contains(length)
    else {
      return .failure(
        AddressRefusal(text, "has a prefix length that does not lie between 1 and \(bitCount)"))
    }
    guard masked(octets, prefixLength: length) == octets else {
      return .failure(AddressRefusal(text, "has bits behind its prefix of \(length)"))
    }
    return .success(AddressRange(text: text, octets: octets, prefixLength: length))
  }

  /// The address literal `text` in network order; nil when it is none. No name is looked up, and
  /// the short and octal forms of old are refused (`inet_pton(3)`).
  static func octets(_ text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var octets = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &octets) == 1 { return octets }
    }
    return nil
  }

  private static func masked(_ octets: [UInt8], prefixLength: Int) -> [UInt8] {
    octets.enumerated().map { index, octet in
      let bitCount = min(max(prefixLength - index * 8, 0), 8)
      return octet & ~UInt8(truncatingIfNeeded: 0xFF >> bitCount)
    }
  }
}
