// How much memory a model needs, term by term.

/// How the server keeps keys and values.
package enum CacheType: String, CaseIterable, Hashable, Sendable {
  case f16
  case q8_0
  case q4_0

  /// Bytes per element, block scales included.
  package var bytesPerElement: Double {
    switch self {
    case .f16: 2
    case .q8_0: 1.0625
    case .q4_0: 0.5625
    }
  }
}

/// The terms of a model's memory, in bytes, from the header of its file.
///
/// memory = weights + slots x cache(context) + buffers. The cache sums over layers: min(context, window) x key-value heads x
/// (key length + value length) x bytes per element; a layer of compressed attention keeps (rank + rotated part) elements a token, and of
/// hybrid models only every n-th layer keeps any.
///
/// Source: llama.cpp's own allocation, with which the formula agreed to the byte on a model of ours.
package struct ModelMemory: Hashable, Sendable {
  /// One layer's elements for a token, and how many tokens it keeps at most.
  struct Layer: Hashable, Sendable {
    let elementsPerToken: Int
    let window: Int?
  }

  /// All tensors: the file without its header; of a split model all of its files.
  package let weights: Int
  /// The context it was trained for.
  package let trainedContext: Int
  let layers: [Layer]

  /// What the server needs for computing besides: about a gigabyte for models of some size, a fifth of small ones.
  package var buffers: Int { min(1 << 30, weights / 5 + (64 << 20)) }

  /// - Parameter weights: of all the model's files.
  package init(_ header: GGUFHeader, weights: Int? = nil) throws(GGUFProblem) {
    func wanted(_ key: String) throws(GGUFProblem) -> Int {
      guard let value = header.integer(key), value > 0 else { throw .missing(key: key) }
      return value
    }
    let count = try wanted("block_count")
    guard count <= 4096 else { throw .damaged("\(count) layers") }
    let embedding = try wanted("embedding_length")
    let heads = Self.perLayer(header.value("attention.head_count"), count)
    guard let mostHeads = heads?.max(), mostHeads > 0 else {
      throw .missing(key: "attention.head_count")
    }
    let keyValueHeads = Self.perLayer(header.value("attention.head_count_kv"), count) ?? heads ?? []
    let keyLength = header.integer("attention.key_length") ?? embedding / mostHeads
    let valueLength = header.integer("attention.value_length") ?? embedding / mostHeads
    let window = header.integer("attention.sliding_window").flatMap { $0 > 0 ? $0 : nil }
    let pattern = header.value("attention.sliding_window_pattern")
    let interval = header.integer("full_attention_interval")
    let rank = header.integer("attention.kv_lora_rank")
    let rotated = header.integer("rope.dimension_count") ?? 64
    self.weights = weights ?? header.fileByteCount - header.byteCount
    trainedContext = header.trainedContext ?? 4096
    var layers: [Layer] = []
    for index in 0..<count {
      if let interval, interval > 0, (index + 1) % interval != 0 { continue }
      let elements: Int
      if let rank, rank > 0 {
        elements = min(rank + rotated, 1 << 31)
      } else {
        let (product, overflow) = keyValueHeads[index].multipliedReportingOverflow(
          by: keyLength + valueLength)
        guard !overflow, product >= 0, product < 1 << 32 else { throw .damaged("its head sizes") }
        elements = product
      }
      layers.append(
        Layer(
          elementsPerToken: elements,
          window: Self.isWindowed(index, window, pattern) ? window : nil))
    }
    self.layers = layers
  }

  private static func perLayer(_ value: GGUFValue?, _ count: Int) -> [Int]? {
    switch value {
    case .integer(let number)?:
      return Int(exactly: number).map { [Int](repeating: $0, count: count) }
    case .integers(let numbers)? where numbers.count >= count:
      return numbers.prefix(count).map { Int(clamping: $0) }
    default: return nil
    }
  }

  private static func isWindowed(_ layer: Int, _ window: Int?, _ pattern: GGUFValue?) -> Bool {
    guard window != nil else { return false }
    switch pattern {
    case .integer(let every)? where every > 0: return (layer + 1) % Int(every) != 0
    case .integers(let flags)? where layer < flags.count: return flags[layer] != 0
    default: return false
    }
  }

  /// llama.cpp keeps so many tokens more than the window, for the batch that is being read.
  private static let windowMargin = 512

  /// The cache of one slot, in bytes.
  package func cache(context: Int, _ type: CacheType = .f16) -> Int {
    let elements = layers.reduce(0.0) { sum, layer in
      let tokens = layer.window.map { min(context, $0 + Self.windowMargin) } ?? context
      return sum + Double(tokens) * Double(layer.elementsPerToken)
    }
    // A header may claim anything: more than any memory is enough.
    return Int(min(Self.mostBytes, (elements * type.bytesPerElement).rounded(.up)))
  }

  private static let mostBytes = 1e15

  package func total(context: Int, slots: Int, _ type: CacheType = .f16) -> Int {
    weights + slots * cache(context: context, type) + buffers
  }

  /// The largest context, in steps of 1,024 tokens up to what the model was trained for, at which `slots` requests fit into `bytes`; nil
  /// when not even 1,024 do.
  package func largestContext(in bytes: Int, slots: Int, _ type: CacheType = .f16) -> Int? {
    let step = 1024
    var (low, high) = (0, max(1, trainedContext / step))
    while low < high {
      let middle = (low + high + 1) / 2
      if total(context: middle * step, slots: slots, type) <= bytes {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low == 0 ? nil : low * step
  }
}
