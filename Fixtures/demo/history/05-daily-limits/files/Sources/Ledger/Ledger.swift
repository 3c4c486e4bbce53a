/// Why a transfer was refused.
public enum LedgerError: Error, Equatable {
  case unknownAccount(AccountID)
  case sameAccount(AccountID)
  case insufficientFunds(AccountID, missing: Money)
  case overDailyLimit(AccountID, limit: Money)
  case duplicateReference(String)
}

/// A movement of money from one account to another.
public struct Transfer: Equatable, Sendable {
  public let reference: String
  public let source: AccountID
  public let target: AccountID
  public let amount: Money
  public let day: Day

  public init(
    _ reference: String, from source: AccountID, to target: AccountID, amount: Money, on day: Day
  ) {
    self.reference = reference
    self.source = source
    self.target = target
    self.amount = amount
    self.day = day
  }
}

/// The book: all accounts and every transfer between them.
public struct Ledger: Sendable {
  public private(set) var accounts: [AccountID: Account] = [:]
  public private(set) var transfers: [Transfer] = []
  private var limits: DailyLimits
  private var references: Set<String> = []

  public init(limits: DailyLimits = DailyLimits()) {
    self.limits = limits
  }

  /// Opens an account; an account that exists already is left as it is.
  public mutating func open(_ id: AccountID, owner: String, balance: Money = .zero) {
    guard accounts[id] == nil else { return }
    accounts[id] = Account(id: id, owner: owner, balance: balance)
  }

  /// Moves the money, or throws and changes nothing.
  public mutating func post(_ transfer: Transfer) throws {
    guard transfer.source != transfer.target else {
      throw LedgerError.sameAccount(transfer.source)
    }
    guard !references.contains(transfer.reference) else {
      throw LedgerError.duplicateReference(transfer.reference)
    }
    guard var source = accounts[transfer.source] else {
      throw LedgerError.unknownAccount(transfer.source)
    }
    guard var target = accounts[transfer.target] else {
      throw LedgerError.unknownAccount(transfer.target)
    }
    try limits.check(transfer)
    guard source.balance >= transfer.amount else {
      throw LedgerError.insufficientFunds(
        source.id, missing: transfer.amount - source.balance)
    }

    source.balance = source.balance - transfer.amount
    target.balance = target.balance + transfer.amount
    accounts[source.id] = source
    accounts[target.id] = target
    references.insert(transfer.reference)
    transfers.append(transfer)
    limits.record(transfer)
  }

  /// All transfers that touch the account, oldest first.
  public func statement(of id: AccountID) -> [Transfer] {
    transfers.filter { $0.source == id || $0.target == id }
  }
}
