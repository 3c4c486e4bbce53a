// What a model file says of itself, what it needs, and where it fits.

import TestSupport
import Glibc
import Testing

@testable import Workstation

/// Writes headers as llama.cpp reads them.
private struct MadeGGUF {
  enum Value {
    case integer(UInt32)
    case text(String)
    case list([Int32])
    case flags([Bool])
    case texts([String])
  }

  var values: [(String, Value)] = []
  var tensors = 2
  var weights = 4096

  var bytes: [UInt8] {
    var bytes = Array("GGUF".utf8) + little(3 as UInt32) + little(UInt64(tensors))
    bytes += little(UInt64(values.count))
    for (key, value) in values {
      bytes += text(key)
      switch value {
      case .integer(let number): bytes += little(4 as UInt32) + little(number)
      case .text(let words): bytes += little(8 as UInt32) + text(words)
      case .list(let numbers):
        bytes += little(9 as UInt32) + little(5 as UInt32) + little(UInt64(numbers.count))
        for number in numbers { bytes += little(UInt32(bitPattern: number)) }
      case .flags(let flags):
        bytes += little(9 as UInt32) + little(7 as UInt32) + little(UInt64(flags.count))
        bytes += flags.map { $0 ? 1 : 0 }
      case .texts(let texts):
        bytes += little(9 as UInt32) + little(8 as UInt32) + little(UInt64(texts.count))
        for words in texts { bytes += text(words) }
      }
    }
    for index in 0..<tensors {
      bytes += text("blk.\(index).weight") + little(2 as UInt32) + little(8 as UInt64)
      bytes += little(8 as UInt64) + little(0 as UInt32) + little(0 as UInt64)
    }
    return bytes
  }

  private func text(_ words: String) -> [UInt8] {
    little(UInt64(words.utf8.count)) + Array(words.utf8)
  }

  private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}

struct HardwareTests {
  private let scratch = Scratch()
  private var directory: String { String(decoding: scratch.path, as: UTF8.self) }

  private func write(_ bytes: [UInt8], to name: String) -> String {
    scratch.write(bytes, to: name)
    return scratch.text(name)
  }

  private static func model(
    _ architecture: String, layers: UInt32, keyValueHeads: UInt32, length: UInt32,
    also: [(String, MadeGGUF.Value)] = []
  ) -> MadeGGUF {
    MadeGGUF(
      values: [
        ("general.architecture", .text(architecture)),
        ("general.name", .text("A \u{1B}[31m model")),
        ("tokenizer.ggml.tokens", .texts(["a", "b", "c"])),
        ("\(architecture).block_count", .integer(layers)),
        ("\(architecture).context_length", .integer(32_768)),
        ("\(architecture).embedding_length", .integer(length * 8)),
        ("\(architecture).attention.head_count", .integer(8)),
        ("\(architecture).attention.head_count_kv", .integer(keyValueHeads)),
        ("\(architecture).attention.key_length", .integer(length)),
        ("\(architecture).attention.value_length", .integer(length)),
      ] + also)
  }

  /// What published tables say of a token's cache in f16.
  @Test(arguments: [
    // Qwen2.5-Coder-7B, Qwen2.5-Coder-32B, Qwen3-Coder-30B-A3B.
    (28 as UInt32, 4 as UInt32, 128 as UInt32, 56), (64, 8, 128, 256), (48, 4, 128, 96),
  ])
  func `the cache of a token is what published tables say`(
    layers: UInt32, heads: UInt32, length: UInt32, kibibytes: Int
  ) throws {
    let made = Self.model("qwen2", layers: layers, keyValueHeads: heads, length: length)
    let header = try GGUFHeader(path: write(made.bytes, to: "m.gguf"))
    let memory = try ModelMemory(header)
    #expect(memory.cache(context: 1) == kibibytes << 10)
    #expect(memory.cache(context: 1000, .q8_0) == kibibytes << 10 * 1000 * 17 / 32)
    #expect(header.byteCount == made.bytes.count && header.tensorCount == 2)
  }

  @Test func `windows, hybrids, compressed attention and heads of each layer are counted`() throws {
    func cache(_ context: Int, _ also: [(String, MadeGGUF.Value)]) throws -> Int {
      let made = Self.model("x", layers: 4, keyValueHeads: 2, length: 64, also: also)
      return try ModelMemory(GGUFHeader(path: write(made.bytes, to: "m.gguf"))).cache(
        context: context)
    }
    let layer = 2 * 128 * 2
    #expect(try cache(10_000, []) == 4 * 10_000 * layer)
    // Every second layer sees all.
    let windowed = [
      ("x.attention.sliding_window", MadeGGUF.Value.integer(128)),
      ("x.attention.sliding_window_pattern", .integer(2)),
    ]
    #expect(try cache(10_000, windowed) == (2 * 10_000 + 2 * 640) * layer)
    #expect(try cache(100, windowed) == 4 * 100 * layer)
    let flags = [
      ("x.attention.sliding_window", MadeGGUF.Value.integer(128)),
      ("x.attention.sliding_window_pattern", .flags([true, true, true, false])),
    ]
    #expect(try cache(10_000, flags) == (10_000 + 3 * 640) * layer)
    #expect(try cache(10_000, [("x.full_attention_interval", .integer(4))]) == 10_000 * layer)
    #expect(
      try cache(
        100,
        [("x.attention.kv_lora_rank", .integer(512)), ("x.rope.dimension_count", .integer(64))])
        == 4 * 100 * 576 * 2)
    let made = MadeGGUF(
      values: Self.model("x", layers: 4, keyValueHeads: 2, length: 64).values.map {
        $0.0 == "x.attention.head_count_kv" ? ($0.0, .list([2, 0, 4, 0])) : $0
      })
    let memory = try ModelMemory(GGUFHeader(path: write(made.bytes, to: "m.gguf")))
    #expect(memory.cache(context: 100) == 100 * 6 * 128 * 2)
  }

  @Test func `the largest context fits and the next does not`() throws {
    let made = Self.model("llama", layers: 28, keyValueHeads: 4, length: 128)
    let path = write(made.bytes + [UInt8](repeating: 0, count: 100_000), to: "m.gguf")
    let memory = try ModelMemory(GGUFHeader(path: path))
    #expect(memory.weights == 100_000)
    for slots in 1...4 {
      for bytes in stride(from: 1 << 28, through: 1 << 31, by: 77_777_777) {
        guard let context = memory.largestContext(in: bytes, slots: slots) else {
          #expect(memory.total(context: 1024, slots: slots) > bytes)
          continue
        }
        #expect(memory.total(context: context, slots: slots) <= bytes)
        #expect(
          context == memory.trainedContext
            || memory.total(context: context + 1024, slots: slots) > bytes)
      }
    }
    let report = try ModelReport(
      path: path, places: [GraphicsCard(name: "card\u{1B}", total: 1 << 34, used: 0)])
    #expect(report.lines.allSatisfy { !$0.contains("\u{1B}") })
    #expect(report.lines.last?.contains("4 slots of 32768 tokens") == true)
    let small = GraphicsCard(name: "old", total: 1 << 20, used: 0)
    #expect(report.fit(in: small).contains("it does not fit"))
  }

  @Test func `a damaged header is refused in words wherever it is cut or changed`() throws {
    let whole = Self.model("llama", layers: 2, keyValueHeads: 2, length: 64).bytes
    for count in 0..<whole.count {
      let path = write(Array(whole.prefix(count)), to: "m.gguf")
      #expect(throws: GGUFProblem.self) { try GGUFHeader(path: path) }
    }
    for index in 4..<whole.count {
      var bytes = whole
      bytes[index] ^= 0xFF
      let path = write(bytes, to: "m.gguf")
      // Whatever it says then, nothing is read beyond the file and no size overflows.
      do throws(GGUFProblem) {
        let memory = try ModelMemory(GGUFHeader(path: path))
        _ = memory.total(context: 1 << 20, slots: 64)
        _ = memory.largestContext(in: 1 << 34, slots: 4)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(throws: GGUFProblem.noGGUF) {
      try GGUFHeader(path: write(Array("PK\u{3}\u{4} and so on".utf8), to: "m.gguf"))
    }
    #expect(throws: GGUFProblem.system(code: ENOENT)) {
      try GGUFHeader(path: "\(directory)/none")
    }
  }

  @Test func `a model of several files weighs what all of them do`() throws {
    var made = Self.model("llama", layers: 2, keyValueHeads: 2, length: 64)
    made.values.append(("split.count", .integer(2)))
    let first = write(
      made.bytes + [UInt8](repeating: 0, count: 1000), to: "m-00001-of-00002.gguf")
    #expect(throws: GGUFProblem.system(code: ENOENT)) { try ModelReport(path: first, places: []) }
    _ = write([UInt8](repeating: 0, count: 5000), to: "m-00002-of-00002.gguf")
    #expect(try ModelReport(path: first, places: []).memory.weights == 6000)
  }

  @Test func `cards are read from nvidia-smi's table and the kernel's files`() async throws {
    #expect(
      GraphicsMemory.nvidiaCards("NVIDIA RTX A5000, 24564, 1203\r\nTesla T4, 15360, 0\nno, x, 1\n")
        == [
          GraphicsCard(name: "NVIDIA RTX A5000", total: 24_564 << 20, used: 1203 << 20),
          GraphicsCard(name: "Tesla T4", total: 15_360 << 20, used: 0),
        ])
    for below in ["drm", "drm/card0", "drm/card0/device", "drm/card0-DP-1"] {
      #expect(mkdir("\(directory)/\(below)", 0o700) == 0)
    }
    _ = write(Array("17163091968\n".utf8), to: "drm/card0/device/mem_info_vram_total")
    _ = write(Array("1000000\n".utf8), to: "drm/card0/device/mem_info_vram_used")
    let cards = await GraphicsMemory.cards(
      environment: ["PATH": directory], classes: "\(directory)/drm")
    #expect(
      cards == [GraphicsCard(name: "AMD graphics card0", total: 17_163_091_968, used: 1_000_000)])
    #expect(await GraphicsMemory.cards(environment: ["PATH": directory], classes: "/none") == [])
    #expect(try #require(GraphicsMemory.machine()).free > 0)
  }

  @Test func `recommendations have a date, and only what fits is recommended`() throws {
    let found = try #require(try Recommendations.installed())
    #expect(found.date.hasPrefix("20") && !found.models.isEmpty)
    func card(_ gigabytes: Int) -> GraphicsCard {
      GraphicsCard(name: "c", total: gigabytes << 30, used: 0)
    }
    let lines = found.lines(for: [card(8), card(24)])
    #expect(lines[0].contains("24 GB") && lines[0].contains(found.date))
    let fitting = Set(found.models.filter { $0.memoryGigabytes <= 24 }.map(\.name))
    for line in lines.dropFirst() {
      #expect(fitting.contains(String(line.dropFirst(2).prefix { $0 != ":" })))
    }
    #expect(found.lines(for: [card(1)])[0].contains("No model of the list"))
    #expect(found.lines(for: []) == [])
    let broken = Array("as_of = \"2026-11\"\nsource = \"x\"\n[[model]]\nname = \"y\"\n".utf8)
    #expect(throws: ConfigurationError.self) { try Recommendations(reading: broken, path: "r") }
  }
}
