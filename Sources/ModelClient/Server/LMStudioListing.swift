// What an LM Studio says of its models, in either version of its listing.

/// The models of an LM Studio that can chat, the loaded ones first.
struct LMStudioListing {
  private struct Entry {
    /// Every name it answers to.
    var names: [String]
    /// The context it is loaded with; nil when it is not loaded.
    var loadedContext: Int?
  }

  private let entries: [Entry]

  /// Reads `models` of `/api/v1/models`. A model can be loaded several times, by different names.
  init(version1 models: [JSONValue]) {
    var loaded: [Entry] = []
    var others: [Entry] = []
    for model in models where model["type"]?.text != "embedding" {
      guard let key = model["key"]?.text else { continue }
      let instances = model["loaded_instances"]?.elements ?? []
      if instances.isEmpty { others.append(Entry(names: [key], loadedContext: nil)) }
      for (index, instance) in instances.enumerated() {
        // The key means the first instance.
        var names = index == 0 ? [key] : []
        if let name = instance["id"]?.text, !names.contains(name) { names.append(name) }
        loaded.append(
          Entry(names: names, loadedContext: instance["config"]?["context_length"]?.int))
      }
    }
    entries = loaded + others
  }

  /// Reads `data` of the older `/api/v0/models`.
  init(version0 models: [JSONValue]) {
    let chatting = models.filter { $0["type"]?.text != "embeddings" }
    func entries(_ isWanted: (JSONValue) -> Bool) -> [Entry] {
      chatting.filter(isWanted).compactMap { model in
        model["id"]?.text.map {
          Entry(names: [$0], loadedContext: model["loaded_context_length"]?.int)
        }
      }
    }
    self.entries =
      entries { $0["state"]?.text == "loaded" } + entries { $0["state"]?.text != "loaded" }
  }

  /// The server, with the context of `model`; nil stands for the first.
  func description(of model: String?) -> ServerDescription {
    let names = entries.flatMap(\.names)
    let wanted = model ?? names.first
    let chosen = entries.first { entry in entry.names.contains { $0 == wanted } }
    return ServerDescription(
      kind: .lmStudio, models: names, contextTokens: chosen?.loadedContext)
  }
}
