import Testing

@testable import Ledger

@Suite struct LedgerTests {
  private let today = Day(20_529)

  private func twoAccounts(limit: Money = Money(cents: 100_00)) -> Ledger {
    var ledger = Ledger(limits: DailyLimits(standard: limit))
    ledger.open("DE-1007", owner: "Ada", balance: Money(cents: 500_00))
    ledger.open("DE-2011", owner: "Grace")
    return ledger
  }

  private func transfer(_ reference: String, cents: Int) -> Transfer {
    Transfer(reference, from: "DE-1007", to: "DE-2011", amount: Money(cents: cents), on: today)
  }

  @Test func aTransferMovesTheAmount() throws {
    var ledger = twoAccounts()
    try ledger.post(transfer("rent", cents: 20_00))

    #expect(ledger.accounts["DE-1007"]?.balance == Money(cents: 480_00))
    #expect(ledger.accounts["DE-2011"]?.balance == Money(cents: 20_00))
    #expect(ledger.statement(of: "DE-2011").map(\.reference) == ["rent"])
  }

  @Test func aReferenceIsPostedOnce() throws {
    var ledger = twoAccounts()
    try ledger.post(transfer("rent", cents: 20_00))

    #expect(throws: LedgerError.duplicateReference("rent")) {
      try ledger.post(transfer("rent", cents: 20_00))
    }
  }

  @Test func theDailyLimitMayBeReached() throws {
    var ledger = twoAccounts(limit: Money(cents: 100_00))
    try ledger.post(transfer("first", cents: 60_00))
    try ledger.post(transfer("second", cents: 40_00))

    #expect(ledger.transfers.count == 2)
  }

  @Test func aTransferLeavesNoTraceWhenFundsAreMissing() {
    var ledger = twoAccounts(limit: Money(cents: 900_00))

    #expect(throws: LedgerError.insufficientFunds("DE-1007", missing: Money(cents: 1_00))) {
      try ledger.post(transfer("house", cents: 501_00))
    }
    #expect(ledger.transfers.isEmpty)
  }
}
