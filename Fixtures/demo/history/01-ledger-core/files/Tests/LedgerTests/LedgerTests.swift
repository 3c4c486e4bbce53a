import Testing

@testable import Ledger

@Suite struct LedgerTests {
  @Test func aTransferMovesTheAmount() throws {
    var ledger = Ledger()
    ledger.open("DE-1007", owner: "Ada", balance: Money(cents: 50_00))
    ledger.open("DE-2011", owner: "Grace")

    try ledger.post(Transfer(from: "DE-1007", to: "DE-2011", amount: Money(cents: 20_00)))

    #expect(ledger.accounts["DE-1007"]?.balance == Money(cents: 30_00))
    #expect(ledger.accounts["DE-2011"]?.balance == Money(cents: 20_00))
  }
}
