// Finds all keywords of all rules in one pass over a line (Aho and Corasick), whatever their case.

struct KeywordAutomaton: Sendable {
  /// A keyword that ends before `end`, an index of the scanned slice.
  struct Hit: Equatable {
    let keyword: Int
    let end: Int
  }

  /// Maps bytes to columns of `transitions`; column 0 is every byte that no keyword has.
  private let columns: [UInt8]
  private let columnCount: Int
  private let transitions: [UInt16]
  /// The keywords that end in each state.
  private let endings: [[Int]]
  private let hasEnding: [Bool]

  /// - Precondition: keywords are ASCII, in lower case and not empty.
  init(_ keywords: [String]) {
    var columns = [UInt8](repeating: 0, count: 256)
    var count: UInt8 = 1
    for byte in keywords.flatMap(\.utf8) where columns[Int(byte)] == 0 {
      precondition(byte < 0x80 && !(0x41...0x5A).contains(byte), "keywords are lower-case ASCII")
      columns[Int(byte)] = count
      if (0x61...0x7A).contains(byte) { columns[Int(byte) - 32] = count }
      count += 1
    }
    let width = Int(count)
    var next = [[UInt16]](repeating: [UInt16](repeating: 0, count: width), count: 1)
    var endings: [[Int]] = [[]]
    for (index, keyword) in keywords.enumerated() {
      precondition(!keyword.isEmpty, "keywords are not empty")
      var state = 0
      for byte in keyword.utf8 {
        let column = Int(columns[Int(byte)])
        if next[state][column] == 0 {
          next[state][column] = UInt16(next.count)
          next.append([UInt16](repeating: 0, count: width))
          endings.append([])
        }
        state = Int(next[state][column])
      }
      endings[state].append(index)
    }
    // Breadth first: a missing transition is that of the longest suffix that is a state.
    var fallback = [Int](repeating: 0, count: next.count)
    var queue = next[0].filter { $0 != 0 }.map { Int($0) }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      endings[state] += endings[fallback[state]]
      for column in 0..<width {
        let target = Int(next[state][column])
        if target == 0 {
          next[state][column] = next[fallback[state]][column]
        } else {
          fallback[target] = Int(next[fallback[state]][column])
          queue.append(target)
        }
      }
    }
    self.columns = columns
    columnCount = width
    transitions = next.flatMap { $0 }
    self.endings = endings
    hasEnding = endings.map { !$0.isEmpty }
  }

  /// Appends every keyword of the line to `hits`. O(bytes + hits).
  func find(in line: ArraySlice<UInt8>, into hits: inout [Hit]) {
    let columns = columns.span
    let transitions = transitions.span
    let hasEnding = hasEnding.span
    let bytes = line.span
    var state = 0
    for index in bytes.indices {
      state = Int(transitions[state * columnCount + Int(columns[Int(bytes[index])])])
      if hasEnding[state] {
        for keyword in endings[state] {
          hits.append(Hit(keyword: keyword, end: line.startIndex + index + 1))
        }
      }
    }
  }
}
