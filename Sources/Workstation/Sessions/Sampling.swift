// How a model was asked to choose its words, as the ledger says it.

package import AuditLog

/// What of a request, besides the prompt, decides the answer.
package struct Sampling: Hashable, Sendable {
  /// In thousandths.
  package let temperature: Int
  /// nil where the server chooses.
  package let seed: Int?
  package let maxTokens: Int
  /// Whether a grammar let the answer quote nothing but lines that are there.
  package let isForced: Bool

  package init(temperature: Int, seed: Int?, maxTokens: Int, isForced: Bool) {
    self.temperature = temperature
    self.seed = seed
    self.maxTokens = maxTokens
    self.isForced = isForced
  }

  package var value: JSONValue {
    [
      "temperature": .exact(temperature), "seed": seed.map { .exact($0) } ?? .null,
      "max_tokens": .exact(maxTokens), "grammar": .bool(isForced),
    ]
  }

  /// Reads what `value` gives; nil for anything else.
  package init?(_ value: JSONValue) {
    guard let temperature = value["temperature"]?.intValue, let seed = value["seed"],
      let maxTokens = value["max_tokens"]?.intValue, let isForced = value["grammar"]?.boolValue
    else { return nil }
    self.init(
      temperature: temperature, seed: seed.intValue, maxTokens: maxTokens, isForced: isForced)
  }

  /// `temperature 0.2, no seed, at most 8192 tokens`.
  package var words: String {
    let fraction = "\(1000 + temperature % 1000)".dropFirst()
    let digits = fraction.reversed().drop { $0 == "0" }.reversed()
    return
      "temperature \(temperature / 1000)\(digits.isEmpty ? "" : "." + String(digits)), "
      + (seed.map { "seed \($0)" } ?? "no seed") + ", at most \(maxTokens) tokens"
      + (isForced ? ", held to the file's lines by a grammar" : "")
  }
}
