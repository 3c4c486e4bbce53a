/// A calendar day as the bank books it, counted from 1970-01-01.
public struct Day: Hashable, Comparable, Sendable {
  public let number: Int

  public init(_ number: Int) {
    self.number = number
  }

  public static func < (left: Day, right: Day) -> Bool {
    left.number < right.number
  }
}

/// What may leave an account on one day, and what has left it already.
public struct DailyLimits: Sendable {
  private struct Key: Hashable {
    let account: AccountID
    let day: Day
  }

  private let standard: Money
  private var custom: [AccountID: Money] = [:]
  private var spent: [Key: Money] = [:]

  public init(standard: Money = Money(cents: 10_000_00)) {
    self.standard = standard
  }

  /// Gives one account a limit of its own.
  public mutating func setLimit(_ limit: Money, for account: AccountID) {
    custom[account] = limit
  }

  public func limit(for account: AccountID) -> Money {
    custom[account] ?? standard
  }

  /// Throws when the transfer would take the day's sum over the limit.
  ///
  /// A transfer that reaches the limit exactly is still allowed.
  public func check(_ transfer: Transfer) throws {
    let limit = limit(for: transfer.source)
    let key = Key(account: transfer.source, day: transfer.day)
    let before = spent[key] ?? .zero
    guard before + transfer.amount <= limit else {
      throw LedgerError.overDailyLimit(transfer.source, limit: limit)
    }
  }

  /// Counts a posted transfer.
  public mutating func record(_ transfer: Transfer) {
    let key = Key(account: transfer.source, day: transfer.day)
    spent[key] = (spent[key] ?? .zero) + transfer.amount
  }
}
