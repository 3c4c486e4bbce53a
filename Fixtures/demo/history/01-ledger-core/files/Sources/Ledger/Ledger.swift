/// Why a transfer was refused.
public enum LedgerError: Error, Equatable {
  case unknownAccount(AccountID)
  case sameAccount(AccountID)
  case insufficientFunds(AccountID, missing: Money)
}

/// A movement of money from one account to another.
public struct Transfer: Equatable, Sendable {
  public let source: AccountID
  public let target: AccountID
  public let amount: Money

  public init(from source: AccountID, to target: AccountID, amount: Money) {
    self.source = source
    self.target = target
    self.amount = amount
  }
}

/// The book: all accounts and every transfer between them.
public struct Ledger: Sendable {
  public private(set) var accounts: [AccountID: Account] = [:]
  public private(set) var transfers: [Transfer] = []

  public init() {}

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
    guard var source = accounts[transfer.source] else {
      throw LedgerError.unknownAccount(transfer.source)
    }
    guard var target = accounts[transfer.target] else {
      throw LedgerError.unknownAccount(transfer.target)
    }
    guard source.balance >= transfer.amount else {
      throw LedgerError.insufficientFunds(
        source.id, missing: transfer.amount - source.balance)
    }

    source.balance = source.balance - transfer.amount
    target.balance = target.balance + transfer.amount
    accounts[source.id] = source
    accounts[target.id] = target
    transfers.append(transfer)
  }
}
