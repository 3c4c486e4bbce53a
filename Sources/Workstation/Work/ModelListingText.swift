// The listing of models in lines and as JSON.

import AuditLog

extension ModelListing {
  package var lines: [String] {
    var lines: [String] = []
    if endpoints.isEmpty {
      lines.append("No endpoint is configured; `countersign doctor` looks for servers.")
    }
    for endpoint in endpoints {
      switch endpoint.content {
      case .file(let report):
        let own = report.lines
        lines.append("\(endpoint.endpoint)  \(own[0])")
        lines += own.dropFirst()
      case .served(let server, let verdict, let models, let context, let slots):
        let size = context.map { ", \($0) tokens a request" } ?? ""
        let room = slots.map { ", \($0) slot\($0 == 1 ? "" : "s")" } ?? ""
        lines.append("\(endpoint.endpoint)  \(server), \(verdict)\(size)\(room)")
        lines += models.map { "  \(DisplayedBytes.text(of: $0.utf8, limit: 200))" }
      case .problem(let words): lines.append("\(endpoint.endpoint)  \(words)")
      }
    }
    for place in places {
      lines.append(
        "\(DisplayedBytes.text(of: place.name.utf8, limit: 60)): \(ModelReport.size(place.free)) free of \(ModelReport.size(place.total))"
      )
    }
    return lines + (recommendations?.lines(for: places) ?? [])
  }

  /// Schema `countersign.models/1`.
  package func json() throws -> [UInt8] {
    let items: [JSONValue] = endpoints.map { endpoint in
      var value: JSONValue
      switch endpoint.content {
      case .file(let report): value = ["file": report.value]
      case .served(let server, let verdict, let models, let context, let slots):
        value = [
          "server": .text(server), "verdict": .text(verdict),
          "models": .array(models.map { .text($0) }),
          "context": context.map { .exact($0) } ?? .null,
          "slots": slots.map { .exact($0) } ?? .null,
        ]
      case .problem(let words): value = ["problem": .text(words)]
      }
      if case .object(var object) = value {
        object["endpoint"] = .text(endpoint.endpoint)
        value = .object(object)
      }
      return value
    }
    return try CanonicalJSON.bytes(
      of: [
        "schema": "countersign.models/1", "endpoints": .array(items),
        "memory": .array(
          places.map {
            ["name": .text($0.name), "total": .exact($0.total), "free": .exact($0.free)]
          }),
      ]) + [UInt8(ascii: "\n")]
  }
}
