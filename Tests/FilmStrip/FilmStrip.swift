// Film strips: keys in, pictures out, no terminal.

package import CellGrid
package import Review

/// One step of a film strip.
package enum Step: Sendable {
  case press([Key])
  case happen(Event)
  case shoot(String)
}

/// Presses keys: each text is the name of one key (`ctrl-d`, `Tab`), or else a row of characters (`jj`).
package func press(_ names: String...) -> Step {
  .press(
    names.flatMap { name in
      Key(parsing: name).map { [$0] } ?? name.unicodeScalars.map { .character($0) }
    })
}

/// Types text character by character.
package func type(_ text: String) -> Step {
  .press(text.unicodeScalars.map { $0 == "\n" ? .enter : .character($0) })
}

/// Presses keys that have no name: pastes, clicks, the wheel.
package func press(_ key: Key) -> Step { .press([key]) }

/// Lets something happen that is not a key.
package func happen(_ event: Event) -> Step { .happen(event) }

/// Compares the screen with the golden screen of this name.
package func shoot(_ name: String) -> Step { .shoot(name) }

/// Lets steps stand one after another.
@resultBuilder
package enum StepBuilder {
  package static func buildExpression(_ step: Step) -> [Step] { [step] }
  package static func buildExpression(_ steps: [Step]) -> [Step] { steps }
  package static func buildBlock(_ parts: [Step]...) -> [Step] { parts.flatMap { $0 } }
}

/// Steps played from a scene at some sizes, and the pictures taken on the way.
///
///     FilmStrip("approve", on: [.wide], Scenes.sample) {
///       press("jj"); shoot("hunk"); press("y"); shoot("approved")
///     }
package struct FilmStrip: Sendable {
  package let name: String
  package let sizes: [GridSize]
  private let scene: @Sendable () -> Scene
  private let steps: [Step]

  package init(
    _ name: String, on sizes: [GridSize], _ scene: @escaping @Sendable () -> Scene,
    @StepBuilder _ steps: () -> [Step]
  ) {
    self.name = name
    self.sizes = sizes
    self.scene = scene
    self.steps = steps()
  }

  /// The golden screens this strip compares with, without playing it.
  package var goldenNames: [String] {
    sizes.flatMap { size in
      steps.compactMap { step in
        if case .shoot(let shot) = step { goldenName(shot, size) } else { nil }
      }
    }
  }

  /// Plays the strip at every size and returns what is wrong with the pictures.
  package func play(_ store: GoldenStore = .screens) throws -> [String] {
    var problems: [String] = []
    for size in sizes {
      var player = Player(scene(), size: size)
      for step in steps {
        switch step {
        case .press(let keys): for key in keys { player.press(key) }
        case .happen(let event):
          player.take(event)
          player.take(.painted)
        case .shoot(let shot):
          let picture = Picture(of: player.frame).text
          if let problem = try store.compare(picture, with: goldenName(shot, size)) {
            problems.append(problem)
          }
        }
      }
    }
    return problems
  }

  private func goldenName(_ shot: String, _ size: GridSize) -> String {
    "\(name).\(shot).\(size.columns)x\(size.rows).txt"
  }
}

extension GridSize {
  /// The sizes at which screens are looked at.
  package static let wide = GridSize(rows: 36, columns: 120)
  package static let usual = GridSize(rows: 24, columns: 80)
  package static let least = GridSize(rows: 12, columns: 40)
}
