// Shows a request before it is sent: byte for byte, and as messages a person can read.

/// What will leave the machine, for the screen that asks whether it may.
package struct RequestRendering: Equatable, Sendable {
  /// Where it goes.
  package let endpoint: String
  package let verdict: EndpointVerdict
  /// The path of the POST request.
  package let path: String
  /// The HTTP body, byte for byte as it will be sent.
  package let body: [UInt8]
  /// The same messages, unescaped.
  package let messages: [ChatMessage]
}

extension ModelConnection {
  /// Returns what `stream` would send for `request` now.
  package func renderedForDisplay(_ request: ChatRequest) -> RequestRendering {
    RequestRendering(
      endpoint: endpoint.written, verdict: verdict,
      path: endpoint.basePath + server.kind.chatPath, body: body(of: request),
      messages: request.messages)
  }
}
