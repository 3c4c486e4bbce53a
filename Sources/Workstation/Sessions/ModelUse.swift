// Which model was asked, where and how, as the ledger says it: one value for first questions and later ones.

import AuditLog

/// One question to a model, without its text.
package struct ModelUse: Hashable, Sendable {
  /// The endpoint's name in the configuration; empty where it was not recorded.
  package let endpoint: String
  package let verdict: String
  package let model: String
  /// What the server says the model's content is named by; empty where it does not tell.
  package let modelDigest: String
  /// nil where it was not recorded.
  package let sampling: Sampling?
  /// SHA-256 of the exact body that was sent.
  package let promptDigest: String

  package init(
    endpoint: String, verdict: String, model: String, modelDigest: String, sampling: Sampling?,
    promptDigest: String
  ) {
    self.endpoint = endpoint
    self.verdict = verdict
    self.model = model
    self.modelDigest = modelDigest
    self.sampling = sampling
    self.promptDigest = promptDigest
  }

  var members: [(JSONText, JSONValue)] {
    [
      ("endpoint", .text(endpoint)), ("verdict", .text(verdict)), ("model", .text(model)),
      ("model_digest", .text(modelDigest)), ("sampling", sampling?.value ?? .null),
      ("prompt", .text(promptDigest)),
    ]
  }

  /// Reads a record that has `members`; ledgers of before say less, and then `before` holds on.
  init(_ reader: RecordReader, before: ModelUse? = nil) throws(RecordError) {
    let body = reader.record.body
    self.init(
      endpoint: body["endpoint"]?.stringValue ?? before?.endpoint ?? "",
      verdict: try reader.string("verdict"),
      model: body["model"]?.stringValue ?? before?.model ?? "",
      modelDigest: body["model_digest"]?.stringValue ?? before?.modelDigest ?? "",
      sampling: body["sampling"].map(Sampling.init(_:)) ?? before?.sampling,
      promptDigest: try reader.string("prompt"))
  }
}
