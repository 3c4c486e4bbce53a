// The members of a JSON object, always in canonical order.

/// A JSON object: members with distinct keys, sorted as RFC 8785 writes them.
package struct JSONObject: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let key: JSONText
    package var value: JSONValue
  }

  /// The members in ascending key order.
  package private(set) var members: [Member]

  /// - Precondition: no key comes twice.
  package init(_ pairs: [(JSONText, JSONValue)] = []) {
    members = pairs.map { Member(key: $0.0, value: $0.1) }.sorted { $0.key < $1.key }
    precondition(
      zip(members, members.dropFirst()).allSatisfy { $0.key != $1.key }, "a key comes twice")
  }

  package var count: Int { members.count }

  /// The value of `key`; setting nil removes the member. Reading is O(log members).
  package subscript(key: JSONText) -> JSONValue? {
    get {
      let place = place(of: key)
      guard place < members.count, members[place].key == key else { return nil }
      return members[place].value
    }
    set {
      let place = place(of: key)
      let isPresent = place < members.count && members[place].key == key
      switch (newValue, isPresent) {
      case (let value?, true): members[place].value = value
      case (let value?, false): members.insert(Member(key: key, value: value), at: place)
      case (nil, true): members.remove(at: place)
      case (nil, false): break
      }
    }
  }

  /// The index of the first member whose key is not below `key`.
  private func place(of key: JSONText) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
