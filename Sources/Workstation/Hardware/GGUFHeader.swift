// The header of a GGUF model file: what it says of itself, without the tensors.

import Glibc

/// Why a model file cannot be understood.
package enum GGUFProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case system(code: Int32)
  case noGGUF
  case version(UInt32)
  /// Something in it is larger than any model's, or ends before it should.
  case damaged(String)
  case missing(key: String)

  package var description: String {
    switch self {
    case .system(let code): "it cannot be read (\(SystemMessage.of(code)))"
    case .noGGUF: "it is no GGUF file"
    case .version(let version): "it is GGUF of version \(version), and 2 and 3 are known here"
    case .damaged(let what): "its header is damaged (\(what))"
    case .missing(let key): "its header does not say \(key)"
    }
  }
}

/// A value of the header, as far as sizes need it.
enum GGUFValue: Hashable, Sendable {
  case integer(Int64)
  case real(Double)
  case bool(Bool)
  case text(String)
  /// Numbers and truth values of a short list, truth as 0 and 1; longer lists, and lists of texts, are passed over.
  case integers([Int64])
  case passedOver(count: Int)

  /// A size; nil for what no model has, so that sums and products of a few cannot overflow.
  var integer: Int? {
    if case .integer(let value) = self, (0...Self.most).contains(value) { Int(value) } else { nil }
  }

  private static let most: Int64 = 1 << 31
}

/// What a GGUF file's header says. Its words are untrusted.
///
/// Source: the format's specification of llama.cpp (magic, version, counts, key-value pairs with types 0 to 12, tensor descriptions).
package struct GGUFHeader: Hashable, Sendable {
  let values: [String: GGUFValue]
  package let tensorCount: Int
  /// Where the header ends, in bytes; the tensors follow, aligned.
  package let byteCount: Int
  /// Of the file, in bytes.
  package let fileByteCount: Int

  /// Reads the header of the file at `path`. O(header): the tokenizer's lists are passed over.
  package init(path: String) throws(GGUFProblem) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
    var reader = GGUFReader(descriptor: descriptor, end: Int(status.st_size))
    guard try reader.bytes(4) == Array("GGUF".utf8) else { throw .noGGUF }
    let version = try reader.number(UInt32.self)
    guard version == 2 || version == 3 else { throw .version(version) }
    let tensors = try reader.count(atMost: 1 << 20, "tensors")
    let pairs = try reader.count(atMost: 1 << 16, "values")
    var values: [String: GGUFValue] = [:]
    for _ in 0..<pairs {
      let key = try reader.text(atMost: 1 << 16)
      values[key] = try reader.value()
    }
    for _ in 0..<tensors {
      _ = try reader.text(atMost: 1 << 16)
      let dimensions = try reader.number(UInt32.self)
      guard dimensions <= 8 else { throw .damaged("a tensor of \(dimensions) dimensions") }
      try reader.skip(Int(dimensions) * 8 + 4 + 8)
    }
    self.values = values
    tensorCount = tensors
    byteCount = reader.offset
    fileByteCount = Int(status.st_size)
  }

  package var architecture: String? {
    if case .text(let name)? = values["general.architecture"] { name } else { nil }
  }

  package var name: String? {
    if case .text(let name)? = values["general.name"] { name } else { nil }
  }

  /// A value of the model's architecture, such as `block_count`.
  func value(_ key: String) -> GGUFValue? { architecture.flatMap { values["\($0).\(key)"] } }

  func integer(_ key: String) -> Int? { value(key)?.integer }

  /// The context the model was trained for, in tokens.
  package var trainedContext: Int? { integer("context_length") }
}

/// Reads little-endian values, never past the end of the file.
private struct GGUFReader {
  private let descriptor: Int32
  private let end: Int
  private(set) var offset = 0
  private var buffer: [UInt8] = []
  private var bufferStart = 0

  init(descriptor: Int32, end: Int) {
    self.descriptor = descriptor
    self.end = end
  }

  mutating func bytes(_ count: Int) throws(GGUFProblem) -> [UInt8] {
    guard count <= end - offset else { throw .damaged("it ends too soon") }
    if offset < bufferStart || offset + count > bufferStart + buffer.count {
      bufferStart = offset
      buffer = try read(max(count, 1 << 16))
      guard buffer.count >= count else { throw .damaged("it ends too soon") }
    }
    let start = offset - bufferStart
    offset += count
    return Array(buffer[start..<start + count])
  }

  private func read(_ count: Int) throws(GGUFProblem) -> [UInt8] {
    var content = [UInt8](repeating: 0, count: count)
    let got = pread(descriptor, &content, count, off_t(offset))
    guard got >= 0 else { throw .system(code: errno) }
    return Array(content.prefix(got))
  }

  mutating func skip(_ count: Int) throws(GGUFProblem) {
    guard count >= 0, count <= end - offset else { throw .damaged("it ends too soon") }
    offset += count
  }

  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(GGUFProblem) -> Number {
    var value: Number = 0
    for byte in try bytes(Number.bitWidth / 8).reversed() {
      value = value << 8 | Number(truncatingIfNeeded: byte)
    }
    return value
  }

  mutating func count(atMost most: Int, _ what: String) throws(GGUFProblem) -> Int {
    let count = try number(UInt64.self)
    guard count <= UInt64(most) else { throw .damaged("\(count) \(what)") }
    return Int(count)
  }

  mutating func text(atMost most: Int) throws(GGUFProblem) -> String {
    String(decoding: try bytes(try count(atMost: most, "bytes in a text")), as: UTF8.self)
  }

  mutating func value() throws(GGUFProblem) -> GGUFValue {
    try value(ofType: try number(UInt32.self))
  }

  private mutating func value(ofType type: UInt32) throws(GGUFProblem) -> GGUFValue {
    switch type {
    case 0: return .integer(Int64(try number(UInt8.self)))
    case 1: return .integer(Int64(try number(Int8.self)))
    case 2: return .integer(Int64(try number(UInt16.self)))
    case 3: return .integer(Int64(try number(Int16.self)))
    case 4: return .integer(Int64(try number(UInt32.self)))
    case 5: return .integer(Int64(try number(Int32.self)))
    case 6: return .real(Double(Float(bitPattern: try number(UInt32.self))))
    case 7: return .bool(try number(UInt8.self) != 0)
    case 8: return .text(try text(atMost: 1 << 24))
    case 9: return try list()
    case 10: return .integer(Int64(clamping: try number(UInt64.self)))
    case 11: return .integer(try number(Int64.self))
    case 12: return .real(Double(bitPattern: try number(UInt64.self)))
    default: throw .damaged("a value of type \(type)")
    }
  }

  /// The bytes of a value of a type whose values all have the same.
  private static let widths: [UInt32: Int] = [
    0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
  ]
  private static let longestList = 4096

  private mutating func list() throws(GGUFProblem) -> GGUFValue {
    let type = try number(UInt32.self)
    guard type != 9 else { throw .damaged("a list of lists") }
    let count = try count(atMost: 1 << 28, "elements in a list")
    if let width = Self.widths[type], count > Self.longestList || type == 6 || type == 12 {
      try skip(count * width)
      return .passedOver(count: count)
    }
    var integers: [Int64] = []
    for _ in 0..<count {
      switch try value(ofType: type) {
      case .integer(let number): integers.append(number)
      case .bool(let isTrue): integers.append(isTrue ? 1 : 0)
      case .text, .real, .integers, .passedOver: continue
      }
    }
    return integers.count == count ? .integers(integers) : .passedOver(count: count)
  }
}
