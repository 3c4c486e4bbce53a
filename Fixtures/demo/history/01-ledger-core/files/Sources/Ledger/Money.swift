/// An amount in cents.
public struct Money: Hashable, Comparable, Sendable {
  public let cents: Int

  public static let zero = Money(cents: 0)

  public init(cents: Int) {
    self.cents = cents
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
}
