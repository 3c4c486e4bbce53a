// The fields in which an Ollama says that another machine computes a model.

/// That a model is computed elsewhere, as `remote_host` and `remote_model` tell.
struct RemoteModel {
  /// The other machine, or the model's name there.
  let place: String

  /// Reads a description, an entry of a listing or an event; nil when it names nothing elsewhere.
  init?(in value: JSONValue) {
    for field in ["remote_host", "remote_model"] {
      if let place = value[field]?.text, !place.isEmpty {
        self.place = place
        return
      }
    }
    return nil
  }
}
