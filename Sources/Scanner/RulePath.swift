// A path as rules look at it: lower-cased and taken apart once.

struct RulePath {
  /// The last component; ASCII letters are in lower case, as in all of it.
  let name: String
  /// The components before the name, outermost first.
  let directories: [String]

  init(_ path: some Collection<UInt8>) {
    var components = path.map(RuleLine.lowered).split(separator: UInt8(ascii: "/"))
      .map { String(decoding: $0, as: UTF8.self) }
    name = components.popLast() ?? ""
    directories = components
  }
}
