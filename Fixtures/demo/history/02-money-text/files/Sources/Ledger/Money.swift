/// An amount in cents, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let cents: Int

  public static let zero = Money(cents: 0)

  public init(cents: Int) {
    self.cents = cents
  }

  /// Reads "12", "12.5" or "12.50", with an optional minus sign; nothing else.
  public init?(_ text: String) {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative { digits.removeFirst() }

    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, Money.isNumber(whole), parts.count <= 2 else { return nil }
    var fraction = parts.count == 2 ? parts[1] : "00"
    if fraction.count == 1 { fraction += "0" }
    guard fraction.count == 2, Money.isNumber(fraction) else { return nil }

    guard let units = Int(whole), let cents = Int(fraction) else { return nil }
    let (scaled, overflowed) = units.multipliedReportingOverflow(by: 100)
    guard !overflowed, scaled <= Int.max - cents else { return nil }
    self.cents = isNegative ? -(scaled + cents) : scaled + cents
  }

  public var description: String {
    let magnitude = cents.magnitude
    let fraction = magnitude % 100
    let sign = cents < 0 ? "-" : ""
    return "\(sign)\(magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  public static func < (left: Money, right: Money) -> Bool {
    left.cents < right.cents
  }

  public static func + (left: Money, right: Money) -> Money {
    Money(cents: left.cents + right.cents)
  }

  public static func - (left: Money, right: Money) -> Money {
    Money(cents: left.cents - right.cents)
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
