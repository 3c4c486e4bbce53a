// Every option a connection is made with, in one place for whoever audits them.

import CCurl

/// libcurl refused an option; the connection is not made, since each of them matters.
struct CurlOptionError: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

/// Sets options of one easy handle.
struct CurlOptions {
  let handle: UnsafeMutableRawPointer

  /// Sets all options for `request`; `lists` receives the lists that must outlive the exchange.
  func apply(
    _ request: HTTPRequest, keeping lists: inout [UnsafeMutablePointer<curl_slist>]
  ) throws(CurlOptionError) {
    try forbidDetours()
    try pin(request, keeping: &lists)

    var fields = ["Accept: text/event-stream, application/json", "Expect:"]
    if let key = request.apiKey { fields.append(key.authorization) }
    if let body = request.body {
      fields.append("Content-Type: application/json")
      try set(CURLOPT_POST, 1)
      try check(
        cs_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      // Copied by libcurl, with the size set before.
      let status = body.withUnsafeBytes { bytes in
        cs_curl_set_pointer(
          handle, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
      }
      try check(status)
    }
    try setList(CURLOPT_HTTPHEADER, fields, keeping: &lists)
  }

  /// Nothing of the environment, no proxy, no redirect, no other protocol, no reuse, no signal.
  private func forbidDetours() throws(CurlOptionError) {
    try set(CURLOPT_PROXY, "")
    try set(CURLOPT_NOPROXY, "*")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_NETRC, 0)
    try set(CURLOPT_FRESH_CONNECT, 1)
    try set(CURLOPT_FORBID_REUSE, 1)
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_HTTP_CONTENT_DECODING, 0)
    try set(CURLOPT_PATH_AS_IS, 1)
  }

  /// The socket or the checked addresses, so that libcurl looks nothing up.
  private func pin(
    _ request: HTTPRequest, keeping lists: inout [UnsafeMutablePointer<curl_slist>]
  ) throws(CurlOptionError) {
    let path = request.endpoint.basePath + request.path
    switch request.endpoint.target {
    case .socket(let socketPath, _):
      try set(CURLOPT_UNIX_SOCKET_PATH, socketPath)
      try set(CURLOPT_URL, "http://localhost\(path)")
    case .addresses(let addresses, let name, let port, let tls):
      let written = addresses.map { $0.isVersion4 ? "\($0)" : "[\($0)]" }
      let host = name ?? written[0]
      try set(CURLOPT_URL, "\(tls == nil ? "http" : "https")://\(host):\(port)\(path)")
      if let name {
        let entry = "\(name):\(port):\(written.joined(separator: ","))"
        try setList(CURLOPT_RESOLVE, [entry], keeping: &lists)
      }
      if let tls { try set(tls) }
    case .transcript:
      throw CurlOptionError("a transcript is played, not connected to")
    }
  }

  private func set(_ tls: TLSSettings) throws(CurlOptionError) {
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let file = tls.caFile {
      try set(CURLOPT_CAINFO, file)
      // Without this the system's certificates would count beside the configured ones.
      try set(CURLOPT_CAPATH, nil)
    }
    if let file = tls.clientCertificateFile { try set(CURLOPT_SSLCERT, file) }
    if let file = tls.clientKeyFile { try set(CURLOPT_SSLKEY, file) }
  }

  func set(_ option: CURLoption, _ value: Int) throws(CurlOptionError) {
    try check(cs_curl_set_long(handle, option, value))
  }

  func set(_ option: CURLoption, _ value: String?) throws(CurlOptionError) {
    try check(cs_curl_set_string(handle, option, value))
  }

  func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) throws(CurlOptionError) {
    try check(cs_curl_set_pointer(handle, option, pointer))
  }

  private func setList(
    _ option: CURLoption, _ entries: [String],
    keeping lists: inout [UnsafeMutablePointer<curl_slist>]
  ) throws(CurlOptionError) {
    var list: UnsafeMutablePointer<curl_slist>?
    for entry in entries {
      // On failure the list so far stays ours; it is kept and freed with the others.
      guard let longer = cs_curl_slist_append(list, entry) else {
        if let list { lists.append(list) }
        throw CurlOptionError("there is no memory for a connection")
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    try check(cs_curl_set_list(handle, option, list))
  }

  func check(_ status: CURLcode) throws(CurlOptionError) {
    guard status == CURLE_OK else {
      throw CurlOptionError(
        "libcurl does not take an option (\(String(cString: cs_curl_easy_strerror(status))))")
    }
  }
}
