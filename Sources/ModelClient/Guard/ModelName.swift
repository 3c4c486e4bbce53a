// Names by which an Ollama passes requests on to its cloud.

extension PrivacyGuard {
  /// Refuses a model's name that an Ollama would answer from its cloud.
  ///
  /// Ollama reads names without regard to case and takes `:cloud`, and tags that end in `-cloud`,
  /// to mean its own service, also before a digest (`name:tag@…`). Refused for every server, since
  /// any could have an Ollama behind it.
  package static func checkModelName(_ name: String) throws(PolicyRefusal) {
    let tags = name.lowercased().filter { !$0.isWhitespace }
      .split { $0 == ":" || $0 == "@" }.dropFirst()
    guard tags.contains(where: { $0 == "cloud" || $0.hasSuffix("-cloud") }) else { return }
    throw PolicyRefusal(
      "The model \(name) is one that Ollama computes in its cloud. Choose one without a cloud tag.")
  }
}
