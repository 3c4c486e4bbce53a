// How sampling is written into the ledger and said.

import AuditLog
import Testing
import Workstation

struct SamplingTests {
  @Test(arguments: [
    (
      Sampling(temperature: 200, seed: nil, maxTokens: 8192, isForced: false),
      "temperature 0.2, no seed, at most 8192 tokens"
    ),
    (
      Sampling(temperature: 1000, seed: 3, maxTokens: 1, isForced: false),
      "temperature 1, seed 3, at most 1 tokens"
    ),
    (
      Sampling(temperature: 1005, seed: 0, maxTokens: 2048, isForced: true),
      "temperature 1.005, seed 0, at most 2048 tokens, held to the file's lines by a grammar"
    ),
  ])
  func `it is read as it was written, and said as people write numbers`(
    _ sampling: Sampling, _ words: String
  ) throws {
    let bytes = try CanonicalJSON.bytes(of: sampling.value)
    #expect(Sampling(try CanonicalJSON.value(of: bytes)) == sampling)
    #expect(sampling.words == words)
    #expect(Sampling(.null) == nil)
  }
}
