// The line diff: which runs of lines differ between two numbered sequences.

/// A run of old lines that a run of new lines replaces; at least one of them is not empty.
struct LineChange: Equatable {
  var old: Range<Int>
  var new: Range<Int>

  var lineCount: Int { old.count + new.count }
}

/// Finds changed runs between two sequences of line numbers.
///
/// Anchors on lines unique on both sides (patience); in small windows, and where there are no such lines, Myers' greedy algorithm with a
/// bounded number of differences, which keeps the furthest path when the bound is met and goes on from there. Cost is about linear for ordinary files and never
/// quadratic in the file: O(lines x `differenceLimit`) at worst.
struct LineDiff {
  private static let differenceLimit = 512
  /// Windows of at most this many lines get a minimal diff: anchors serve orientation in large ones.
  private static let smallWindow = 32

  private let old: [Int32]
  private let new: [Int32]
  private var oldCounts: [Int32]
  private var newCounts: [Int32]
  private var newPositions: [Int32]
  private var changes: [LineChange] = []

  /// Returns the changed runs in ascending order, each separated from the next by at least one unchanged line.
  static func changes(old: [Int32], new: [Int32], distinctCount: Int) -> [LineChange] {
    var diff = LineDiff(old: old, new: new, distinctCount: distinctCount)
    diff.run()
    return diff.merged()
  }

  private init(old: [Int32], new: [Int32], distinctCount: Int) {
    self.old = old
    self.new = new
    oldCounts = [Int32](repeating: 0, count: distinctCount)
    newCounts = oldCounts
    newPositions = oldCounts
  }

  private mutating func run() {
    var windows = [LineChange(old: 0..<old.count, new: 0..<new.count)]
    while let next = windows.popLast() {
      let window = trimmed(next)
      if window.old.isEmpty || window.new.isEmpty {
        if !window.old.isEmpty || !window.new.isEmpty { changes.append(window) }
        continue
      }
      let anchors = window.lineCount <= Self.smallWindow ? [] : uniqueAnchors(in: window)
      guard anchors.isEmpty else {
        // Later windows are pushed first, so that changes come out in order.
        var upper = (old: window.old.upperBound, new: window.new.upperBound)
        for anchor in anchors.reversed() {
          windows.append(
            LineChange(old: anchor.old + 1..<upper.old, new: anchor.new + 1..<upper.new))
          upper = (anchor.old, anchor.new)
        }
        windows.append(
          LineChange(
            old: window.old.lowerBound..<upper.old, new: window.new.lowerBound..<upper.new))
        continue
      }
      let rest = greedy(in: window)
      if let rest { windows.append(rest) }
    }
  }

  private func trimmed(_ window: LineChange) -> LineChange {
    var window = window
    while let first = window.old.first, let other = window.new.first, old[first] == new[other] {
      window.old.removeFirst()
      window.new.removeFirst()
    }
    while let last = window.old.last, let other = window.new.last, old[last] == new[other] {
      window.old.removeLast()
      window.new.removeLast()
    }
    return window
  }

  /// The longest ascending sequence of pairs of lines that stand once on each side of the window.
  private mutating func uniqueAnchors(in window: LineChange) -> [(old: Int, new: Int)] {
    for line in window.old { oldCounts[Int(old[line])] += 1 }
    for line in window.new {
      newCounts[Int(new[line])] += 1
      newPositions[Int(new[line])] = Int32(line)
    }
    var candidates: [(old: Int, new: Int)] = []
    for line in window.old {
      let number = Int(old[line])
      if oldCounts[number] == 1, newCounts[number] == 1 {
        candidates.append((line, Int(newPositions[number])))
      }
    }
    for line in window.old { oldCounts[Int(old[line])] = 0 }
    for line in window.new { newCounts[Int(new[line])] = 0 }
    return Self.longestAscending(candidates)
  }

  private static func longestAscending(_ pairs: [(old: Int, new: Int)]) -> [(old: Int, new: Int)] {
    var tails: [Int] = []
    var previous = [Int](repeating: -1, count: pairs.count)
    for (index, pair) in pairs.enumerated() {
      var low = 0
      var high = tails.count
      while low < high {
        let middle = (low + high) / 2
        if pairs[tails[middle]].new < pair.new { low = middle + 1 } else { high = middle }
      }
      if low > 0 { previous[index] = tails[low - 1] }
      if low == tails.count { tails.append(index) } else { tails[low] = index }
    }
    var chain: [(old: Int, new: Int)] = []
    var index = tails.last ?? -1
    while index >= 0 {
      chain.append(pairs[index])
      index = previous[index]
    }
    return chain.reversed()
  }

  /// Myers' greedy search from the window's start; returns what is left of the window when the bound was met.
  private mutating func greedy(in window: LineChange) -> LineChange? {
    let oldCount = window.old.count
    let newCount = window.new.count
    let limit = min(Self.differenceLimit, oldCount + newCount)
    var frontier = [Int](repeating: 0, count: 2 * limit + 3)
    var trace: [[Int]] = []
    let centre = limit + 1
    for distance in 0...limit {
      trace.append(Array(frontier[centre - distance...centre + distance]))
      for diagonal in stride(from: -distance, through: distance, by: 2) {
        let down =
          diagonal == -distance
          || (diagonal != distance
            && frontier[centre + diagonal - 1] < frontier[centre + diagonal + 1])
        var x = down ? frontier[centre + diagonal + 1] : frontier[centre + diagonal - 1] + 1
        var y = x - diagonal
        while x < oldCount, y < newCount,
          old[window.old.lowerBound + x] == new[window.new.lowerBound + y]
        {
          x += 1
          y += 1
        }
        frontier[centre + diagonal] = x
        if x >= oldCount, y >= newCount {
          backtrack(trace, to: (oldCount, newCount), distance: distance, in: window)
          return nil
        }
      }
    }
    return abandon(frontier, trace: trace, limit: limit, in: window)
  }

  /// Keeps the path that got furthest within the bound and returns the window after it.
  private mutating func abandon(
    _ frontier: [Int], trace: [[Int]], limit: Int, in window: LineChange
  ) -> LineChange {
    let centre = limit + 1
    var best = (x: 0, y: 0)
    for diagonal in stride(from: -limit, through: limit, by: 2) {
      let x = frontier[centre + diagonal]
      let y = x - diagonal
      guard x <= window.old.count, y >= 0, y <= window.new.count else { continue }
      if x + y > best.x + best.y { best = (x, y) }
    }
    backtrack(trace, to: best, distance: limit, in: window)
    return LineChange(
      old: window.old.lowerBound + best.x..<window.old.upperBound,
      new: window.new.lowerBound + best.y..<window.new.upperBound)
  }

  private mutating func backtrack(
    _ trace: [[Int]], to end: (x: Int, y: Int), distance: Int, in window: LineChange
  ) {
    var steps: [LineChange] = []
    var (x, y) = end
    for distance in stride(from: distance, to: 0, by: -1) {
      // trace[d] holds the frontier before round d, for diagonals -d...d; the outermost two were not yet reached.
      let frontier = trace[distance]
      let diagonal = x - y
      let below = diagonal > -distance ? frontier[distance + diagonal - 1] : -1
      let above = diagonal < distance ? frontier[distance + diagonal + 1] : -1
      let down = diagonal == -distance || (diagonal != distance && below < above)
      let startX = down ? above : below
      let startY = startX - (down ? diagonal + 1 : diagonal - 1)
      let stepX = down ? startX : startX + 1
      let stepY = down ? startY + 1 : startY
      steps.append(
        LineChange(
          old: window.old.lowerBound + startX..<window.old.lowerBound + stepX,
          new: window.new.lowerBound + startY..<window.new.lowerBound + stepY))
      (x, y) = (startX, startY)
    }
    changes.append(contentsOf: steps.reversed())
  }

  private func merged() -> [LineChange] {
    var result: [LineChange] = []
    for change in changes {
      if let last = result.last, last.old.upperBound == change.old.lowerBound,
        last.new.upperBound == change.new.lowerBound
      {
        result[result.count - 1].old = last.old.lowerBound..<change.old.upperBound
        result[result.count - 1].new = last.new.lowerBound..<change.new.upperBound
      } else {
        result.append(change)
      }
    }
    return result
  }
}
