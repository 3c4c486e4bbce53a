// What a model file is and where it fits, for `models` and `doctor`.

package import AuditLog
import Glibc

/// A model file with the memory of this machine.
package struct ModelReport: Sendable {
  package let path: String
  package let header: GGUFHeader
  package let memory: ModelMemory
  /// Where it would be loaded: the cards, or else the machine's own memory.
  package let places: [GraphicsCard]

  package init(path: String, places: [GraphicsCard]) throws(GGUFProblem) {
    header = try GGUFHeader(path: path)
    memory = try ModelMemory(header, weights: try Self.splitWeights(path, header))
    self.path = path
    self.places = places
  }

  /// The weights of a model of several files, `name-00001-of-00003.gguf`; nil for one of a single file.
  private static func splitWeights(_ path: String, _ header: GGUFHeader) throws(GGUFProblem) -> Int?
  {
    guard case .integer(let count)? = header.values["split.count"], count > 1, count < 10_000,
      path.hasSuffix(".gguf")
    else { return nil }
    func digits(_ number: Int64) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
    }
    let ending = "-\(digits(1))-of-\(digits(count)).gguf"
    guard path.hasSuffix(ending) else { return nil }
    var weights = 0
    for number in 1...count {
      let part = path.dropLast(ending.utf8.count) + "-\(digits(number))-of-\(digits(count)).gguf"
      var status = stat()
      guard stat(String(part), &status) == 0 else { throw .system(code: errno) }
      weights += Int(status.st_size)
    }
    return weights - header.byteCount
  }

  private static let contexts = [8192, 16_384, 32_768, 65_536, 131_072, 262_144]

  /// Terms and fits, a line each.
  package var lines: [String] {
    let kind = header.architecture.map { DisplayedBytes.text(of: $0.utf8, limit: 40) } ?? "unknown"
    let called = header.name.map { DisplayedBytes.text(of: $0.utf8, limit: 80) + ", " } ?? ""
    var lines = [
      "\(DisplayedBytes.text(of: path.utf8)): \(called)\(kind), \(memory.layers.count) layers with a cache, trained for \(memory.trainedContext) tokens",
      "  weights \(Self.size(memory.weights)) + slots x cache + buffers about \(Self.size(memory.buffers))",
    ]
    let caches = Self.contexts.filter { $0 <= memory.trainedContext }
    for context in caches.isEmpty ? [memory.trainedContext] : caches {
      let parts = CacheType.allCases.map {
        "\($0.rawValue) \(Self.size(memory.cache(context: context, $0)))"
      }
      lines.append("  cache of a slot at \(context) tokens: \(parts.joined(separator: ", "))")
    }
    for place in places { lines.append("  \(fit(in: place))") }
    return lines
  }

  /// In one sentence, what fits where.
  package func fit(in place: GraphicsCard) -> String {
    var fits: [(slots: Int, tokens: Int)] = []
    for slots in [1, 2, 4] {
      guard let tokens = memory.largestContext(in: place.free, slots: slots) else { continue }
      // More slots of the same size are the better offer.
      if fits.last?.tokens == tokens { fits.removeLast() }
      fits.append((slots, tokens))
    }
    let words = fits.map { "\($0.slots) slot\($0.slots == 1 ? "" : "s") of \($0.tokens) tokens" }
    let room =
      "\(DisplayedBytes.text(of: place.name.utf8, limit: 60)), \(Self.size(place.free)) free of \(Self.size(place.total))"
    guard !words.isEmpty else {
      return
        "\(room): it does not fit; \(Self.size(memory.total(context: 1024, slots: 1))) are needed at the least"
    }
    return "\(room): \(words.joined(separator: ", or "))"
  }

  /// `4.7 GB`, in powers of ten as on a label.
  static func size(_ bytes: Int) -> String {
    let (unit, name) = bytes >= 1_000_000_000 ? (1e9, "GB") : (1e6, "MB")
    let tenths = Int((Double(bytes) / unit * 10).rounded())
    return tenths >= 1000 ? "\((tenths + 5) / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
  }

  /// One model as JSON.
  package var value: JSONValue {
    [
      "path": .text(path), "name": .text(header.name ?? ""),
      "architecture": .text(header.architecture ?? ""),
      "trained_context": .exact(memory.trainedContext), "weights": .exact(memory.weights),
      "buffers": .exact(memory.buffers),
      "cache_bytes_per_1024_tokens": .object(
        JSONObject(
          CacheType.allCases.map {
            (JSONText($0.rawValue), .exact(memory.cache(context: 1024, $0)))
          })),
      "places": .array(
        places.map { place in
          [
            "name": .text(place.name), "total": .exact(place.total), "free": .exact(place.free),
            "contexts": .array(
              [1, 2, 4].map { slots in
                [
                  "slots": .exact(slots),
                  "tokens": memory.largestContext(in: place.free, slots: slots).map {
                    .exact($0)
                  } ?? .null,
                ]
              }),
          ]
        }),
    ]
  }
}
