// Key sequences of the current terminal, from its entry in the terminal database.

import CellGrid

/// Reads the keys of the terminal database that are not sent in the usual way.
enum KeyCapabilities {
  /// Returns the sequences of the current terminal that decode to nothing known otherwise.
  ///
  /// - Precondition: ncurses is started.
  static func sequences() -> [[UInt8]: Key] {
    var keys: [(String, Key)] = [
      ("kcuu1", .up), ("kcud1", .down), ("kcuf1", .right), ("kcub1", .left),
      ("khome", .home), ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown),
      ("kich1", .insert), ("kdch1", .delete), ("kcbt", .backTab), ("kent", .enter),
    ]
    for number in 1...12 { keys.append(("kf\(number)", .function(number, []))) }
    // Capabilities of xterm's kind: a name, and the number of the modifiers (2 is Shift).
    let modified: [(String, Key.Name)] = [
      ("kUP", .up), ("kDN", .down), ("kRIT", .right), ("kLFT", .left), ("kHOM", .home),
      ("kEND", .end), ("kPRV", .pageUp), ("kNXT", .pageDown), ("kIC", .insert), ("kDC", .delete),
    ]
    for (capability, name) in modified {
      for number in 2...8 {
        let modifiers = KeyModifiers(rawValue: UInt8(number - 1))
        keys.append((number == 2 ? capability : "\(capability)\(number)", .named(name, modifiers)))
      }
    }
    var sequences: [[UInt8]: Key] = [:]
    for (capability, key) in keys {
      let sequence = TerminalModes.capability(capability)
      guard sequence.count > 2 else { continue }
      var decoder = KeyDecoder()
      let usual = decoder.decode(sequence) + decoder.flush()
      if usual.count == 1, let known = usual.first, !known.isUnknown { continue }
      sequences[sequence] = key
    }
    return sequences
  }
}

extension Key {
  /// Whether nothing is known of the key.
  fileprivate var isUnknown: Bool {
    if case .unknown = self { return true }
    return false
  }
}
