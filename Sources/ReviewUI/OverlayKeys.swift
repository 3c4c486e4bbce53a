// The keys of questions and lines of input: said in their box and in the footer, from one list.

import CellGrid
import Review

/// What a key does now, in a word or two.
struct KeyHint: Hashable {
  let key: String
  let label: String

  var width: Int { key.unicodeScalars.count + 1 + label.unicodeScalars.count }
}

extension Overlay {
  /// The keys that this overlay answers to above `screen`, most wanted first.
  func keys(on screen: ScreenKind) -> [KeyHint] {
    func hints(_ pairs: KeyValuePairs<String, String>) -> [KeyHint] {
      pairs.map { KeyHint(key: $0.key, label: $0.value) }
    }
    switch self {
    case .approveFile: return hints(["y": "approves them", "any other key": "does not"])
    case .undoCommit: return hints(["y": "takes it back", "any other key": "does not"])
    case .draftMessage:
      return hints(["Enter": "sends", "p": "shows the exact prompt", "Esc": "does not"])
    case .confirmDiscard: return hints(["y": "discards", "any other key": "does not"])
    case .confirmRemoval: return hints(["y": "does it", "any other key": "does not"])
    case .leaveWhileWorking: return hints(["y": "leaves", "any other key": "stays"])
    case .rejectReason: return hints(["Enter": "rejects", "Esc": "does not"])
    case .acknowledge: return hints(["Enter": "acknowledges and records it", "Esc": "does not"])
    case .comment(let draft):
      return hints(["Enter": "keeps it"])
        + (draft.subjects.count > 1 ? hints(["Tab": "about something else"]) : [])
        + hints(["Alt-Enter": "new line", "Esc": "drops it"])
    case .askAgain(let draft) where draft.repair != nil:
      return hints(["Enter": "sends", "p": "prompt"])
        + (draft.endpoints.count > 1 ? hints(["m": "model"]) : [])
        + hints(["Esc": "does not"])
    case .askAgain(let draft):
      return hints(["Enter": "sends", "p": "prompt", "+ -": "answers", "e": "explains"])
        + (draft.endpoints.count > 1 ? hints(["m": "model"]) : [])
        + hints(["Esc": "does not"])
    case .search(_, let scope):
      let other = scope == .file ? "in all files" : "in this file"
      return hints(["Enter": "finds"]) + (screen == .review ? hints(["Tab": other]) : [])
        + hints(["Esc": "closes"])
    case .filterFiles:
      return hints([
        "Enter": "keeps it", "Tab": "all, undecided, flagged", "Esc": "no filter",
      ])
    case .picker(let picker):
      return hints([
        "Enter": picker.kind == .file ? "goes there" : "does it", "↑ ↓": "choose",
        "Esc": "closes",
      ])
    case .tooLong(let overflow):
      return (overflow.fits ? hints(["Enter": "asks without them"]) : [])
        + hints(["Space": "drops or keeps", "↑ ↓": "choose", "Esc": "back"])
    case .help: return hints(["type": "to search", "arrows": "scroll", "? or Esc": "closes"])
    }
  }

  /// The keys as a sentence.
  func keysInWords(on screen: ScreenKind) -> String {
    keys(on: screen).map { "\($0.key) \($0.label)" }.joined(separator: ", ")
  }
}
