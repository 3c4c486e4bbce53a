// Reads Retry-After: a number of seconds, or a date (RFC 9110, sections 10.2.3 and 5.6.7).

extension ResponseHeaders {
  /// How many seconds the server asks to wait; nil when it does not say, or not readably.
  ///
  /// A date is compared with the server's own `Date`, since the two clocks may differ.
  var retryAfterSeconds: Int? {
    guard let wanted = self["retry-after"] else { return nil }
    if let seconds = Int(wanted) { return max(0, seconds) }
    guard let then = secondsSinceEpoch(wanted), let now = self["date"].flatMap(secondsSinceEpoch)
    else { return nil }
    return max(0, then - now)
  }
}

private let months = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

/// The time of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`; nil for every other spelling.
private func secondsSinceEpoch(_ date: String) -> Int? {
  let words = date.split(separator: " ")
  guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), (1...31).contains(day),
    let month = months.firstIndex(where: { $0 == words[2] }), let year = Int(words[3]),
    (1970...9999).contains(year)
  else { return nil }
  let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
  guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
    (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
  else { return nil }
  return ((daysSinceEpoch(year, month + 1, day) * 24 + hour) * 60 + minute) * 60 + second
}

/// Days from 1970-01-01 in the Gregorian calendar, with March as the first month of the year.
private func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
  let year = month <= 2 ? year - 1 : year
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
}
