// One exchange on libcurl: its callbacks, its clock, and what its end means.

import CCurl
import Glibc

/// One running exchange. Used on the loop's thread only; libcurl's callbacks reach it by pointer,
/// which is valid because the loop holds it until `close()`.
final class CurlExchange {
  private(set) var handle: UnsafeMutableRawPointer?
  let deliver: @Sendable (TransportEvent) -> Void

  private let request: HTTPRequest
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private let startedAt: ContinuousClock.Instant
  private var lastBytesAt: ContinuousClock.Instant?
  private var isConnected = false
  private var isSent = false
  private var head: [UInt8] = []
  private var headIsWhole = false
  private var bodyByteCount = 0
  /// Why a callback of ours stopped the exchange; stands before libcurl's own words.
  private var stopped: ModelError.Reason?
  private var socketDescriptor: Int32 = -1

  init(
    _ request: HTTPRequest, startedAt: ContinuousClock.Instant,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) throws(CurlOptionError) {
    self.request = request
    self.startedAt = startedAt
    self.deliver = deliver
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    handle = cs_curl_easy_init()
    guard let handle else { throw CurlOptionError("there is no memory for a connection") }
    try CurlOptions(handle: handle).apply(request, keeping: &lists)
    try installCallbacks(on: handle)
  }

  deinit {
    close()
    errorText.deallocate()
  }

  /// Frees the handle, which closes the connection.
  func close() {
    if let handle { cs_curl_easy_cleanup(handle) }
    handle = nil
    for list in lists { cs_curl_slist_free_all(list) }
    lists = []
  }

  // MARK: Time

  /// When the loop has to look at this exchange again, whatever the network does.
  var deadline: ContinuousClock.Instant? {
    var deadlines: [ContinuousClock.Instant] = []
    if !isConnected {
      deadlines.append(startedAt + .milliseconds(request.limits.connectMilliseconds))
    }
    if let whole = request.limits.wholeMilliseconds {
      deadlines.append(startedAt + .milliseconds(whole))
    }
    if let silence = request.limits.silenceMilliseconds, let lastBytesAt {
      deadlines.append(lastBytesAt + .milliseconds(silence))
    }
    return deadlines.min()
  }

  /// Which deadline has passed at `now`, if one has.
  func overdue(at now: ContinuousClock.Instant) -> ModelError.Reason? {
    guard let deadline, deadline <= now else { return nil }
    let limits = request.limits
    if !isConnected, startedAt + .milliseconds(limits.connectMilliseconds) <= now {
      return .connectTimedOut(milliseconds: limits.connectMilliseconds)
    }
    if let whole = limits.wholeMilliseconds, startedAt + .milliseconds(whole) <= now {
      return .answerTimedOut(milliseconds: whole)
    }
    return .fellSilent(milliseconds: limits.silenceMilliseconds ?? 0)
  }

  /// Tells once that the request has left us.
  func noteSent() {
    guard isConnected, !isSent, let handle else { return }
    var uploaded: curl_off_t = 0
    guard cs_curl_get_offset(handle, CURLINFO_SIZE_UPLOAD_T, &uploaded) == CURLE_OK,
      Int(uploaded) >= request.body?.count ?? 0
    else { return }
    reportSent()
  }

  private func reportSent() {
    guard !isSent else { return }
    isSent = true
    deliver(.sent)
  }

  // MARK: The end

  /// What libcurl's result means for this exchange.
  func end(code: CURLcode) -> TransportEnd {
    if let stopped { return .failed(stopped) }
    let said = String(cString: errorText)
    let words = said.isEmpty ? String(cString: cs_curl_easy_strerror(code)) : said
    switch code {
    case CURLE_OK: return .whole
    case CURLE_COULDNT_CONNECT: return .failed(.connectionRefused(connectProblem ?? words))
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return .failed(.untrustedCertificate(words))
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
      return .failed(.connectionLost(words))
    default: return .failed(.transport(words))
    }
  }

  private var connectProblem: String? {
    var number: Int = 0
    guard let handle, cs_curl_get_long(handle, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number != 0
    else { return nil }
    return String(cString: strerror(Int32(number)))
  }

  // MARK: What libcurl tells

  private func installCallbacks(on handle: UnsafeMutableRawPointer) throws(CurlOptionError) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let options = CurlOptions(handle: handle)
    try options.set(CURLOPT_ERRORBUFFER, pointer: errorText)
    try options.set(CURLOPT_WRITEDATA, pointer: context)
    try options.set(CURLOPT_HEADERDATA, pointer: context)
    try options.set(CURLOPT_OPENSOCKETDATA, pointer: context)
    try options.set(CURLOPT_PREREQDATA, pointer: context)
    try options.check(
      cs_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        CurlExchange.at(context).receiveBody(bytes, size * count)
      })
    try options.check(
      cs_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        CurlExchange.at(context).receiveHeader(bytes, size * count)
      })
    try options.check(
      cs_curl_set_open_socket_callback(handle) { context, _, address in
        CurlExchange.at(context).openSocket(to: address)
      })
    try options.check(
      cs_curl_set_before_request_callback(handle) { context, peer, _, port, _ in
        CurlExchange.at(context).approvePeer(peer, Int(port))
      })
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> CurlExchange {
    Unmanaged<CurlExchange>.fromOpaque(context!).takeUnretainedValue()
  }

  /// Makes the socket, if it leads where the guard said; sees the address after any resolution.
  private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
    guard let address else { return -1 }
    do throws(WrongPeer) {
      try SocketPin(request.endpoint.target).check(connectingTo: address)
    } catch {
      stopped = .wrongPeer(error.sentence)
      return -1
    }
    let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    socketDescriptor = socket(address.pointee.family, type, address.pointee.protocol)
    return socketDescriptor
  }

  /// Compares who answered with who was checked, before the first byte of the request.
  private func approvePeer(_ peer: UnsafeMutablePointer<CChar>?, _ port: Int) -> Int32 {
    let pin = SocketPin(request.endpoint.target)
    do throws(WrongPeer) {
      try pin.check(
        peer: peer.map { String(cString: $0) } ?? "", port: port, descriptor: socketDescriptor)
    } catch {
      stopped = .wrongPeer(error.sentence)
      return CURL_PREREQFUNC_ABORT
    }
    isConnected = true
    deliver(.connected)
    return CURL_PREREQFUNC_OK
  }

  private func receiveHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    // Trailers of a chunked body come here too.
    guard !headIsWhole else { return count }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    guard head.count + count <= 65536 else {
      stopped = .tooLarge(limitBytes: 65536)
      return 0
    }
    head += line
    guard line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else { return count }
    guard let whole = ResponseHead(raw: head) else {
      stopped = .notUnderstood("what it answered is not HTTP.")
      return 0
    }
    head = []
    // 100 Continue and its kin come before the answer.
    guard whole.status >= 200 else { return count }
    headIsWhole = true
    reportSent()
    deliver(.head(whole))
    return count
  }

  private func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard bodyByteCount + count <= request.limits.bodyBytes else {
      stopped = .tooLarge(limitBytes: request.limits.bodyBytes)
      return 0
    }
    bodyByteCount += count
    lastBytesAt = ContinuousClock.now
    deliver(.bytes(Array(UnsafeRawBufferPointer(start: bytes, count: count))))
    return count
  }
}
