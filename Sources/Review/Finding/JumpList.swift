// Where the reader was before jumping, so that he finds back.

package import CellGrid

/// A place in a review.
package struct JumpPlace: Hashable, Sendable {
  package let file: Int
  package let changedLine: Int?
}

/// Places left by jumps, as in vim: back and forward again.
package struct JumpList: Hashable, Sendable {
  private static let longest = 100

  private var back: [JumpPlace] = []
  private var forward: [JumpPlace] = []

  package init() {}

  /// Notes a place that is about to be left.
  mutating func note(_ place: JumpPlace) {
    forward.removeAll()
    guard back.last != place else { return }
    back.append(place)
    if back.count > Self.longest { back.removeFirst() }
  }

  mutating func goBack(from place: JumpPlace) -> JumpPlace? {
    while let target = back.popLast() {
      guard target != place else { continue }
      forward.append(place)
      return target
    }
    return nil
  }

  mutating func goForward(from place: JumpPlace) -> JumpPlace? {
    while let target = forward.popLast() {
      guard target != place else { continue }
      back.append(place)
      return target
    }
    return nil
  }
}

extension ReviewState {
  private var here: JumpPlace { JumpPlace(file: fileIndex, changedLine: changedLineAtCursor) }

  /// Notes where the cursor is, before a jump.
  package mutating func noteJump() { jumps.note(here) }

  /// Goes back (or forward again) over the last jump; false when there is none.
  package mutating func jump(_ step: Int, size: GridSize) -> Bool {
    guard let place = step < 0 ? jumps.goBack(from: here) : jumps.goForward(from: here),
      files.indices.contains(place.file)
    else { return false }
    let wanted = place.changedLine.map { WantedPlace.changedLine($0) } ?? .top
    if place.file == fileIndex {
      self.wanted = wanted
      mark = nil
      refreshLayout(for: size)
    } else {
      goToFile(place.file, place: wanted, size: size)
    }
    return true
  }
}
