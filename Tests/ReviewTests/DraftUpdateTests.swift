// A commit message from the model, between key and commit: asked for knowingly, and never committed untouched by the human.

import Approval
import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct DraftUpdateTests {
  private func player() -> Player {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    player.press(.character("y"), .character("C"))
    return player
  }

  private func asks(_ player: Player) -> Int {
    player.effects.count { if case .draftMessage = $0 { true } else { false } }
  }

  private func messages(_ player: Player) -> [String] {
    player.effects.compactMap {
      if case .commit(_, _, let message) = $0 {
        String(decoding: message, as: UTF8.self)
      } else {
        nil
      }
    }
  }

  /// The sheet with a message that the model wrote.
  private func drafted(_ text: String = "Draft\n") -> Player {
    var player = player()
    player.press(.character("m"), .enter)
    player.take(.messageDrafted(Player.session, Array(text.utf8), model: "tiny"))
    return player
  }

  @Test func `nothing is sent before the question where to is answered`() {
    var player = player()
    player.press(.character("m"))
    #expect(player.state.overlay == .draftMessage(endpoint: "workshop") && asks(player) == 0)
    player.press(.character("y"), .escape)
    #expect(player.state.overlay == nil && asks(player) == 0)
    player.press(.character("m"), .enter)
    #expect(asks(player) == 1 && player.state.commit?.awaitsDraft == true)
    player.press(.character("m"), .enter)
    #expect(asks(player) == 1)
  }

  @Test func `the first key takes a draft, and only the second commits it`() {
    var player = drafted()
    player.press(.character("C"))
    #expect(messages(player).isEmpty && player.state.commit?.draft == .taken(model: "tiny"))
    #expect(player.effects.contains { if case .keepMessage = $0 { true } else { false } })
    player.press(.character("C"))
    #expect(messages(player).map { $0.hasPrefix("Draft\n") } == [true])
  }

  @Test func `a draft that was taken is one again on another sheet, perhaps of other approvals`() {
    var player = drafted()
    player.press(.character("C"), .character("q"), .character("C"), .character("C"))
    #expect(messages(player).isEmpty && player.state.commit?.draft == .taken(model: "tiny"))
    player.press(.character("C"))
    #expect(messages(player).count == 1)
  }

  @Test func `a long draft is taken only when its end was shown`() {
    var player = drafted((1...60).map { "line \($0)\n" }.joined())
    var presses = 0
    while player.state.commit?.draft == .untaken(model: "tiny"), presses < 20 {
      player.press(.character("C"))
      presses += 1
    }
    #expect(presses > 2 && messages(player).isEmpty)
    #expect(player.state.commit.map { $0.top + player.state.size.rows > 60 } == true)
  }

  @Test func `a draft that was edited is the human's`() {
    var player = drafted()
    player.press(.character("e"))
    player.take(.messageEdited(Array("Mine\n".utf8)))
    player.press(.character("C"))
    #expect(messages(player) == ["Mine\n"])
  }

  @Test func `a draft is still one after a look back at the review`() {
    var player = drafted()
    player.press(.character("q"), .character("C"))
    player.press(.character("C"))
    #expect(messages(player).isEmpty)
  }

  @Test func `what was written before stays as comment lines, and comments stay`() {
    var player = player()
    player.take(.messageEdited(Array("Mine\n\nmore\n# a note\n".utf8)))
    player.press(.character("m"), .enter)
    player.take(.messageDrafted(Player.session, Array("#1\n".utf8), model: "tiny"))
    let message = String(decoding: player.state.commit?.message ?? [], as: UTF8.self)
    #expect(message == " #1\n\n# The message was:\n#   Mine\n#   more\n# a note\n")
  }

  @Test func `while the model writes nothing is committed or edited, and it can be stopped`() {
    var player = player()
    player.press(.character("m"), .enter)
    player.press(.character("C"), .character("e"))
    #expect(messages(player).isEmpty)
    #expect(!player.effects.contains { if case .editMessage = $0 { true } else { false } })
    player.press(.control("c"))
    #expect(player.effects.contains { if case .cancelDraft = $0 { true } else { false } })
    player.take(.draftEnded(Player.session, StatusMessage(.note, "Stopped.")))
    // What was on its way is not taken in.
    let message = player.state.commit?.message
    player.take(.messageDrafted(Player.session, Array("Late\n".utf8), model: "tiny"))
    #expect(player.state.commit?.message == message)
    player.press(.character("C"))
    #expect(messages(player).count == 1)
  }

  @Test func `leaving the sheet stops the model`() {
    var player = player()
    player.press(.character("m"), .enter, .character("q"))
    #expect(player.state.screen == .review)
    #expect(player.effects.contains { if case .cancelDraft = $0 { true } else { false } })
  }
}
