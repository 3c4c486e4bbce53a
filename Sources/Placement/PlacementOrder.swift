// Which of several equal places a block means, told from the blocks before and after it in the same answer.

enum PlacementOrder {
  /// Returns for every block the only place it can have if the blocks of an answer follow each other in the file, or nil.
  ///
  /// `blocks` are in answer order, each with its places, ascending, and the number of lines it quotes. When the blocks cannot stand in
  /// that order without overlapping, the order says nothing and all are nil. A block is pinned only if its earliest and latest place
  /// agree and none of its other places lies between its neighbours, not even one that overlaps with them.
  static func pins(_ blocks: [(positions: [Int], lineCount: Int)]) -> [Int?] {
    let none = [Int?](repeating: nil, count: blocks.count)
    guard blocks.contains(where: { $0.positions.count > 1 }), blocks.count > 1 else { return none }
    var earliest: [Int] = []
    var end = 0
    for block in blocks {
      guard let position = block.positions.first(where: { $0 >= end }) else { return none }
      earliest.append(position)
      end = position + block.lineCount
    }
    var latest: [Int] = []
    var start = Int.max
    for block in blocks.reversed() {
      guard let position = block.positions.last(where: { $0 + block.lineCount <= start }) else {
        return none
      }
      latest.append(position)
      start = position
    }
    latest.reverse()
    return blocks.indices.map { index in
      guard earliest[index] == latest[index] else { return nil }
      let before = index > 0 ? earliest[index - 1] : -1
      let after = index + 1 < blocks.count ? latest[index + 1] : Int.max
      let possible = blocks[index].positions.filter { $0 > before && $0 < after }
      return possible.count == 1 ? earliest[index] : nil
    }
  }
}
