// An edit of the model that could not be placed, with the places to offer for it.

/// Lines of a file that resemble what an edit wanted to find, or are equal to it where several places are.
package struct NearPlace: Hashable, Sendable {
  /// The first of the lines, 0-based, in the file as the model was given it.
  package let line: Int
  /// The lines, terminators included; at least one.
  package let text: [UInt8]
  /// Up to three lines before and after them, to tell one place from another.
  package let above: [UInt8]
  package let below: [UInt8]
  /// The line that says what they belong to, such as that of a function; empty where nothing does.
  package let scope: [UInt8]

  package init(
    line: Int, text: [UInt8], above: [UInt8] = [], below: [UInt8] = [], scope: [UInt8] = []
  ) {
    self.line = line
    self.text = text
    self.above = above
    self.below = below
    self.scope = scope
  }
}

/// An edit of the model that could not be placed, as the review lists it.
package struct UnplacedItem: Hashable, Sendable {
  package let path: [UInt8]
  /// A full sentence.
  package let reason: String
  /// The reason in a word, such as `not-found`; nil in ledgers that do not tell, and for what no model wrote.
  package let refusal: String?
  /// The edit block as the model wrote it.
  package let text: [UInt8]
  /// What the model wanted to find; empty when it wanted to find nothing.
  package let wanted: [UInt8]
  /// What was to stand there instead; nil where the edit is none of lines, and in ledgers that do not tell.
  package let replacement: [UInt8]?
  /// Where the human can have it placed, best first.
  package let places: [NearPlace]

  package init(
    path: [UInt8], reason: String, refusal: String? = nil, text: [UInt8], wanted: [UInt8],
    replacement: [UInt8]? = nil, places: [NearPlace]
  ) {
    self.path = path
    self.reason = reason
    self.refusal = refusal
    self.text = text
    self.wanted = wanted
    self.replacement = replacement
    self.places = places
  }
}
