import Testing

@testable import Ledger

@Suite struct MoneyTests {
  @Test(arguments: [("12", 12_00), ("12.5", 12_50), ("0.07", 7), ("-3.10", -3_10)])
  func readsAmounts(text: String, cents: Int) {
    #expect(Money(text) == Money(cents: cents))
  }

  @Test(arguments: ["", "-", ".", "1.", ".5", "1.234", "1,50", "1 000", "٣"])
  func refusesWhatItDoesNotKnow(text: String) {
    #expect(Money(text) == nil)
  }

  @Test func printsTwoDecimals() {
    #expect(Money(cents: -1_05).description == "-1.05")
  }
}
