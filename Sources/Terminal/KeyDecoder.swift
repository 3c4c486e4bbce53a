// Bytes of a terminal to keys. Pure: time enters as a call of `flush`.

package import CellGrid

/// Decodes what a terminal sends, wherever the bytes are torn apart.
///
/// A sequence that is not known never turns into keys: it arrives as one `.unknown`, because a `y` at
/// the end of a stray reply must not approve anything.
package struct KeyDecoder: Sendable {
  /// Sequences of this terminal that are not among the usual ones.
  private let sequences: [[UInt8]: Key]
  private var buffer: [UInt8] = []
  /// The bytes of a paste that has not ended yet.
  private var paste: [UInt8]?
  /// How many bytes of the end of a paste have been seen.
  private var pasteEndLength = 0

  private static let pasteEnd = Array("\u{1B}[201~".utf8)
  private static let longestSequence = 128
  private static let escape: UInt8 = 0x1B

  package init(sequences: [[UInt8]: Key] = [:]) {
    self.sequences = sequences.filter { $0.key.count > 1 && $0.key.first == Self.escape }
  }

  /// Whether bytes are held back that may be the start of something. When nothing follows them for
  /// the escape delay, `flush` is due. Inside a paste nothing is ever due.
  package var isWaiting: Bool { !buffer.isEmpty }

  /// Returns the keys that `bytes` complete.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    buffer.append(contentsOf: bytes)
    return take(isFinal: false)
  }

  /// Returns what the bytes held back are when nothing follows: an Escape, Alt with a bracket, or
  /// something unknown.
  package mutating func flush() -> [Key] {
    take(isFinal: true)
  }

  private enum Outcome {
    case key(Key, length: Int)
    case nothing(length: Int)
    case pasteStart(length: Int)
    case incomplete
  }

  private mutating func take(isFinal: Bool) -> [Key] {
    var keys: [Key] = []
    var head = 0
    while head < buffer.count {
      if paste != nil {
        head = continuePaste(from: head, &keys)
        continue
      }
      var outcome = next(buffer[head...])
      if case .incomplete = outcome {
        guard isFinal else { break }
        outcome = forced(buffer[head...])
      }
      switch outcome {
      case .key(let key, let length):
        keys.append(key)
        head += length
      case .nothing(let length):
        head += length
      case .pasteStart(let length):
        head += length
        paste = []
      case .incomplete:
        preconditionFailure("a forced outcome is complete")
      }
    }
    buffer.removeFirst(head)
    return keys
  }

  private mutating func continuePaste(from start: Int, _ keys: inout [Key]) -> Int {
    var pasted = paste ?? []
    paste = nil
    var head = start
    while head < buffer.count {
      let byte = buffer[head]
      head += 1
      if byte == Self.pasteEnd[pasteEndLength] {
        pasteEndLength += 1
        if pasteEndLength < Self.pasteEnd.count { continue }
        pasteEndLength = 0
        keys.append(.paste(pasted))
        return head
      }
      pasted.append(contentsOf: Self.pasteEnd[..<pasteEndLength])
      pasteEndLength = byte == Self.escape ? 1 : 0
      if pasteEndLength == 0 { pasted.append(byte) }
    }
    paste = pasted
    return head
  }

  /// Returns what the bytes start with.
  private func next(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let first = bytes[bytes.startIndex]
    if first == Self.escape { return escaped(bytes) }
    if first < 0x20 || first == 0x7F { return .key(Key(controlByte: first), length: 1) }
    return character(bytes)
  }

  private func escaped(_ bytes: ArraySlice<UInt8>) -> Outcome {
    guard bytes.count > 1 else { return .incomplete }
    if let outcome = known(bytes) { return outcome }
    let rest = bytes.dropFirst()
    switch rest[rest.startIndex] {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"): return singleShift(bytes)
    case UInt8(ascii: "]"), UInt8(ascii: "P"):
      guard rest.count > 1 else { return .incomplete }
      if isString(rest) { return controlString(bytes) }
      return .key(.alt(.character(Unicode.Scalar(rest[rest.startIndex]))), length: 2)
    case Self.escape:
      // Some terminals send Escape before the sequence of a key pressed with Alt.
      guard rest.count > 1 else { return .incomplete }
      switch next(rest) {
      case .incomplete: return .incomplete
      case .key(let key, let length):
        if case .named(let name, _) = key, name != .escape, let alt = key.adding(.alt) {
          return .key(alt, length: length + 1)
        }
        return .key(.escape, length: 1)
      case .nothing, .pasteStart: return .key(.escape, length: 1)
      }
    default:
      switch next(rest) {
      case .key(let key, let length):
        guard let alt = key.adding(.alt) else {
          return .key(.unknown(Self.shown(bytes.prefix(length + 1))), length: length + 1)
        }
        return .key(alt, length: length + 1)
      case .incomplete: return .incomplete
      case .nothing, .pasteStart: return .key(.escape, length: 1)
      }
    }
  }

  /// Returns the outcome for the terminal's own sequences, or nil when none begins like this.
  private func known(_ bytes: ArraySlice<UInt8>) -> Outcome? {
    if sequences.isEmpty { return nil }
    var best: (key: Key, length: Int)?
    var isPrefix = false
    for (sequence, key) in sequences {
      if bytes.starts(with: sequence) {
        if sequence.count > best?.length ?? 0 { best = (key, sequence.count) }
      } else if sequence.starts(with: bytes) {
        isPrefix = true
      }
    }
    if let best { return .key(best.key, length: best.length) }
    return isPrefix ? .incomplete : nil
  }

  private func controlSequence(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let body = bytes.dropFirst(2)
    guard let lead = body.first else { return .incomplete }
    if lead == UInt8(ascii: "[") {
      // The Linux console: CSI [ A to E for F1 to F5.
      guard body.count >= 2 else { return .incomplete }
      let letter = body[body.startIndex + 1]
      guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(letter) else {
        return .key(.unknown(Self.shown(bytes.prefix(4))), length: 4)
      }
      return .key(.function(Int(letter - UInt8(ascii: "A")) + 1, []), length: 4)
    }
    if lead == UInt8(ascii: "M") { return oldMouse(bytes) }
    guard
      let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) })
    else {
      guard body.count > Self.longestSequence else { return .incomplete }
      return .key(.unknown(Self.shown(bytes)), length: bytes.count)
    }
    let length = end - bytes.startIndex + 1
    let final = bytes[end]
    guard (0x40...0x7E).contains(final) else {
      // A new sequence or a control cuts this one off.
      return .key(.unknown(Self.shown(bytes.prefix(length - 1))), length: length - 1)
    }
    let parameters = body[..<end]
    if lead == UInt8(ascii: "<") { return mouse(parameters.dropFirst(), final, length) }
    if final == UInt8(ascii: "~"), parameters.elementsEqual("200".utf8) {
      return .pasteStart(length: length)
    }
    let key = KeySequences.key(parameters: parameters, final: final)
    return .key(key ?? .unknown(Self.shown(bytes.prefix(length))), length: length)
  }

  private func singleShift(_ bytes: ArraySlice<UInt8>) -> Outcome {
    guard bytes.count > 2 else { return .incomplete }
    let letter = bytes[bytes.startIndex + 2]
    guard (0x21..<0x7F).contains(letter) else {
      return .key(.alt(.character("O")), length: 2)
    }
    let key = KeySequences.singleShiftKey(letter)
    return .key(key ?? .unknown(Self.shown(bytes.prefix(3))), length: 3)
  }

  /// Whether `]` or `P` starts a reply of the terminal: then something follows that a person would
  /// not type within the escape delay.
  private func isString(_ rest: ArraySlice<UInt8>) -> Bool {
    guard let next = rest.dropFirst().first else { return false }
    return (0x30...0x3F).contains(next) || next == UInt8(ascii: "+") || next == UInt8(ascii: "$")
  }

  /// Takes a reply up to BEL or ESC \.
  private func controlString(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let body = bytes.dropFirst(2)
    guard let end = body.firstIndex(where: { $0 == 0x07 || $0 == Self.escape }) else {
      return .incomplete
    }
    var length = end - bytes.startIndex + 1
    if bytes[end] == Self.escape {
      guard end + 1 < bytes.endIndex else { return .incomplete }
      if bytes[end + 1] == UInt8(ascii: "\\") { length += 1 } else { length -= 1 }
    }
    return .key(.unknown(Self.shown(bytes.prefix(length))), length: length)
  }

  private func mouse(_ parameters: ArraySlice<UInt8>, _ final: UInt8, _ length: Int) -> Outcome {
    guard let numbers = KeySequences.numbers(parameters), numbers.count == 3,
      numbers[1] > 0, numbers[2] > 0
    else { return .nothing(length: length) }
    return pointer(
      button: numbers[0], row: numbers[2] - 1, column: numbers[1] - 1,
      isPress: final == UInt8(ascii: "M"), length)
  }

  private func oldMouse(_ bytes: ArraySlice<UInt8>) -> Outcome {
    guard bytes.count >= 6 else { return .incomplete }
    let values = bytes.dropFirst(3).prefix(3).map { Int($0) }
    guard values[0] >= 32, values[1] > 32, values[2] > 32 else { return .nothing(length: 6) }
    return pointer(
      button: values[0] - 32, row: values[2] - 33, column: values[1] - 33, isPress: true, 6)
  }

  private func pointer(
    button: Int, row: Int, column: Int, isPress: Bool, _ length: Int
  ) -> Outcome {
    // Bits 4, 8 and 16 are modifiers; 32 is motion.
    switch button & ~(4 | 8 | 16) {
    case 0 where isPress: .key(.click(row: row, column: column), length: length)
    case 64: .key(.wheel(.up, row: row, column: column), length: length)
    case 65: .key(.wheel(.down, row: row, column: column), length: length)
    default: .nothing(length: length)
    }
  }

  private func character(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let first = bytes[bytes.startIndex]
    let length: Int
    switch first {
    case ..<0x80: return .key(.character(Unicode.Scalar(first)), length: 1)
    case 0xC2..<0xE0: length = 2
    case 0xE0..<0xF0: length = 3
    case 0xF0..<0xF5: length = 4
    default: return .key(.unknown(Self.shown(bytes.prefix(1))), length: 1)
    }
    let available = bytes.prefix(length)
    guard available.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else {
      return .key(.unknown(Self.shown(bytes.prefix(1))), length: 1)
    }
    guard available.count == length else { return .incomplete }
    guard let text = String(validating: available, as: UTF8.self),
      let scalar = text.unicodeScalars.first, scalar.value >= 0xA0
    else { return .key(.unknown(Self.shown(available)), length: length) }
    return .key(.character(scalar), length: length)
  }

  /// Returns what an incomplete beginning is when nothing follows.
  private func forced(_ bytes: ArraySlice<UInt8>) -> Outcome {
    let first = bytes[bytes.startIndex]
    guard first == Self.escape else {
      return .key(.unknown(Self.shown(bytes)), length: bytes.count)
    }
    switch bytes.count {
    case 1: return .key(.escape, length: 1)
    case 2:
      let second = bytes[bytes.startIndex + 1]
      if second == Self.escape { return .key(.escape, length: 1) }
      if (0x20..<0x7F).contains(second) {
        return .key(.alt(.character(Unicode.Scalar(second))), length: 2)
      }
    default:
      if bytes[bytes.startIndex + 1] == Self.escape { return .key(.escape, length: 1) }
    }
    return .key(.unknown(Self.shown(bytes)), length: bytes.count)
  }

  /// Returns a sequence as text for people.
  private static func shown(_ bytes: some Collection<UInt8>) -> String {
    bytes.reduce(into: "") { text, byte in
      switch byte {
      case escape: text += "ESC "
      case 0x21..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        text += "<\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))>"
      }
    }
  }
}
