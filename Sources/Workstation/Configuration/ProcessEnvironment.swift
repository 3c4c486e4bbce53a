// The environment variables that decide where files are, as a value.

import Glibc

/// Environment variables by name. Values are bytes, since a home directory need not be text.
package struct ProcessEnvironment: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  private let values: [String: [UInt8]]

  package init(_ values: [String: [UInt8]]) {
    self.values = values
  }

  /// - Precondition: no name comes twice.
  package init(dictionaryLiteral elements: (String, String)...) {
    values = Dictionary(uniqueKeysWithValues: elements.map { ($0.0, Array($0.1.utf8)) })
  }

  /// The variables of this process that `StateLocations` asks for.
  package static func current() -> ProcessEnvironment {
    var values: [String: [UInt8]] = [:]
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"] {
      guard let value = getenv(name) else { continue }
      values[name] = UnsafeBufferPointer(start: value, count: strlen(value))
        .map(UInt8.init(bitPattern:))
    }
    return ProcessEnvironment(values)
  }

  /// The absolute path that `name` holds; nil when it is unset, empty or relative.
  ///
  /// The XDG Base Directory Specification wants relative paths ignored.
  package func absolutePath(_ name: String) -> [UInt8]? {
    guard let value = values[name], value.first == UInt8(ascii: "/") else { return nil }
    return value
  }
}
