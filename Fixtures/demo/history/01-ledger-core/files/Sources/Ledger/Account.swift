/// The number by which an account is known, such as "DE-1007".
public struct AccountID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let number: String

  public init(_ number: String) {
    self.number = number
  }

  public init(stringLiteral number: String) {
    self.number = number
  }

  public var description: String { number }
}

/// An account: who owns it and what it holds.
public struct Account: Equatable, Sendable {
  public let id: AccountID
  public let owner: String
  public internal(set) var balance: Money

  public init(id: AccountID, owner: String, balance: Money = .zero) {
    self.id = id
    self.owner = owner
    self.balance = balance
  }
}
