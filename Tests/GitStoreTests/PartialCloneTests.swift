// Partial clones are found whichever remote promises, and in whichever way.

import Testing

@testable import GitStore

struct PartialCloneTests {
  private func feature(_ settings: [String]) -> UnsupportedFeature? {
    let listing = settings.joined(separator: "\0") + "\0"
    return GitConfiguration(listing: Array(listing.utf8)).unsupportedFeature?.0
  }

  @Test func `any promising remote counts, whatever the others say`() {
    for _ in 0..<20 {
      #expect(
        feature([
          "remote.a.promisor\nfalse", "remote.o.promisor\ntrue", "remote.z.promisor\nfalse",
        ]) == .partialClone)
    }
    #expect(feature(["remote.o.partialclonefilter\nblob:none"]) == .partialClone)
    #expect(feature(["remote.a.promisor\nfalse", "remote.a.url\nx"]) == nil)
  }
}
