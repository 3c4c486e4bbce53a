// What can be wrong with a configuration or theme file, and where.

package import AuditLog

/// Why settings could not be used. The description is one sentence for the user.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    case noHome
    case file(FileError)
    /// The text is not TOML.
    case syntax(expected: String, found: String)
    case unknownKey(String, nearest: String?)
    case wrongType(key: String, expected: String, found: String)
    case outOfRange(key: String, range: ClosedRange<Int>, found: Int64)
    case missing(key: String)
    /// A value has the right type and is still no use; `reason` follows a colon.
    case refused(key: String, reason: String)
    /// A name that others must have defined; `what` is what it should name.
    case unknownName(key: String, name: String, what: String, nearest: String?)
  }

  package let problem: Problem
  /// The file; nil when no file is to blame.
  package let path: [UInt8]?
  /// The 1-based line.
  package let line: Int?
  /// The table within the file, as in `[review]`; nil at the top.
  package let table: String?

  package init(
    _ problem: Problem, path: [UInt8]? = nil, line: Int? = nil, table: String? = nil
  ) {
    self.problem = problem
    self.path = path
    self.line = line
    self.table = table
  }

  package var description: String {
    guard let path else { return sentence }
    let place = line.map { ", line \($0)" } ?? ""
    return "\(DisplayedBytes.text(of: path))\(place): \(sentence)"
  }

  private var sentence: String {
    switch problem {
    case .noHome:
      return "there is no place for settings and state, because HOME is not set to an absolute "
        + "path; set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME"
    case .file(let error):
      return error.description
    case .syntax(let expected, let found):
      return "this is not TOML: expected \(expected), found \(found)"
    case .unknownKey(let key, let nearest):
      return "\(quoted(key))\(within) is not a known setting" + suggestion(nearest)
    case .wrongType(let key, let expected, let found):
      return "\(quoted(key))\(within) must be \(expected), not \(found)"
    case .outOfRange(let key, let range, let found):
      return "\(quoted(key))\(within) must lie between \(range.lowerBound) and "
        + "\(range.upperBound), and is \(found)"
    case .missing(let key):
      return "\(quoted(key)) is missing\(within)"
    case .refused(let key, let reason):
      return "\(quoted(key))\(within) cannot be used: \(reason)"
    case .unknownName(let key, let name, let what, let nearest):
      return "\(quoted(key))\(within) names \(quoted(name)), which is not \(what)"
        + suggestion(nearest)
    }
  }

  private var within: String { table.map { " in \($0)" } ?? "" }

  private func suggestion(_ nearest: String?) -> String {
    nearest.map { "; did you mean \(quoted($0))?" } ?? ""
  }

  private func quoted(_ text: String) -> String {
    "\"\(DisplayedBytes.text(of: text.utf8, limit: 80))\""
  }
}
