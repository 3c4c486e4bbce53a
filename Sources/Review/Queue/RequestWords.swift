// How far a request is, in words.

extension RequestProgress {
  /// What the model is doing, for a list or the message line.
  package var words: String {
    switch self {
    case .waiting(_, isPaused: true): "paused"
    case .waiting(let ahead, _): ahead > 0 ? "waiting, \(ahead) before it" : "waiting for its turn"
    case .connecting: "connecting"
    case .queued(let ahead): ahead.map { "queued, \($0) before us" } ?? "waiting for the server"
    case .readingPrompt(let done, let total):
      "reading the prompt \(Self.bar(done, total)) \(total > 0 ? done * 100 / total : 0) %"
    case .writing(let tokens, let rate):
      "writing, \(tokens) tokens" + (rate.map { ", \(Int($0.rounded()))/s" } ?? "")
    case .placing: "placing the edits"
    }
  }

  private static func bar(_ done: Int, _ total: Int) -> String {
    let filled = total > 0 ? min(8, done * 8 / total) : 0
    return String(repeating: "█", count: filled) + String(repeating: "░", count: 8 - filled)
  }
}
