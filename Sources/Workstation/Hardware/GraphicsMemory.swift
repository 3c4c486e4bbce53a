// The memory of graphics cards, as far as the system tells without rights.

import GitStore
import Glibc

/// One graphics card, or none of its own: memory in bytes.
package struct GraphicsCard: Hashable, Sendable {
  package let name: String
  package let total: Int
  package let used: Int

  package var free: Int { max(0, total - used) }
}

package enum GraphicsMemory {
  /// The cards of this machine: NVIDIA's by `nvidia-smi`, AMD's by the kernel's files. Empty where there are none, or none that tells.
  ///
  /// - Parameter classes: the directory of the kernel's graphics devices.
  package static func cards(
    environment: [String: String], classes: String = "/sys/class/drm"
  ) async -> [GraphicsCard] {
    await nvidia(environment) + amd(classes)
  }

  private static func nvidia(_ environment: [String: String]) async -> [GraphicsCard] {
    let programs = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .filter { $0.hasPrefix("/") }.map { "\($0)/nvidia-smi" }
    guard let program = programs.first(where: { access($0, X_OK) == 0 }) else { return [] }
    var child = ChildProcess(
      executable: program,
      arguments: [
        "--query-gpu=name,memory.total,memory.used", "--format=csv,noheader,nounits",
      ], environment: environment, directory: "/")
    child.timeout = .seconds(5)
    guard let result = try? await child.run(), result.status == .exited(0) else { return [] }
    return nvidiaCards(String(decoding: result.output, as: UTF8.self))
  }

  /// Reads lines such as `NVIDIA RTX A5000, 24564, 1203`; the numbers are MiB.
  static func nvidiaCards(_ listing: String) -> [GraphicsCard] {
    listing.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: ",").map {
        $0.drop { $0 == " " }.reversed().drop { $0 == " " || $0 == "\r" }.reversed()
      }
      guard fields.count == 3, let total = Int(String(fields[1])), total < 1 << 30,
        let used = Int(String(fields[2])), used < 1 << 30, total > 0
      else { return nil }
      return GraphicsCard(name: String(fields[0]), total: total << 20, used: used << 20)
    }
  }

  private static func amd(_ classes: String) -> [GraphicsCard] {
    (LocalFiles.names(in: classes) ?? []).compactMap { name in
      // `card0`, not its connectors `card0-DP-1`.
      guard name.hasPrefix("card"), name.dropFirst(4).allSatisfy(\.isNumber),
        let total = number("\(classes)/\(name)/device/mem_info_vram_total"), total > 0,
        let used = number("\(classes)/\(name)/device/mem_info_vram_used")
      else { return nil }
      return GraphicsCard(name: "AMD graphics \(name)", total: total, used: used)
    }
  }

  private static func number(_ path: String) -> Int? {
    guard let bytes = try? LocalFiles.read(path) else { return nil }
    return Int(String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self))
  }

  /// The memory of the machine itself, total and available, in bytes; nil where `/proc` does not say.
  package static func machine() -> GraphicsCard? {
    guard let bytes = try? LocalFiles.read("/proc/meminfo") else { return nil }
    func kilobytes(_ name: String) -> Int? {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      where line.hasPrefix("\(name):") {
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      }
      return nil
    }
    guard let total = kilobytes("MemTotal"), let available = kilobytes("MemAvailable") else {
      return nil
    }
    return GraphicsCard(name: "memory", total: total << 10, used: (total - available) << 10)
  }
}
