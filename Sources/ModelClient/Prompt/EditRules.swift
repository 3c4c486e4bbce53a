// What we tell a model about the form of its answer.

/// The marker lines of an edit block.
struct EditMarkers {
  let search: String
  let divider: String
  let replace: String
  let delete: String
  let move: String

  init(length: Int) {
    let opening = String(repeating: "<", count: length)
    search = opening + " SEARCH"
    divider = String(repeating: "=", count: length)
    replace = String(repeating: ">", count: length) + " REPLACE"
    delete = opening + " DELETE"
    move = opening + " MOVE"
  }

  /// Whether a line of `content` begins as one of the markers does.
  func occur(in content: [UInt8]) -> Bool {
    let marks = [search, divider, replace, delete, move].map { Array($0.utf8) }
    return content.split(separator: 0x0A).contains { line in
      marks.contains { line.starts(with: $0) }
    }
  }
}

/// The rules of the edit format, long for the beginning and short for the end of a prompt.
struct EditRules {
  let markers: EditMarkers

  var text: String {
    """
    You change source code. You are given files and a task.
    Answer with one line that says what you will do, and then with edit blocks only.

    \(example)

    Rules:
    - The line above each block is the file's path, as it is given to you.
    - Between \(markers.search) and \(markers.divider) stand whole lines of the file, copied exactly, \
    with every blank and tab. They must occur in the file only once: quote neighbouring lines until \
    they do.
    - Between \(markers.divider) and \(markers.replace) stand the lines that take their place. Write \
    all of them; never shorten code with a comment or with dots.
    - One block per place. Several blocks may follow each other; keep each of them small.
    - For a new file leave the part above \(markers.divider) empty.
    - To delete a file write its path and then the line \(markers.delete)
    - To move a file write its path and then the line \(markers.move) new/path
    - Change only what the task asks for.
    """
  }

  var reminder: String {
    """
    Remember the form of an edit block:

    \(example)
    """
  }

  private var example: String {
    """
    path/of/the/file
    \(markers.search)
    lines as they are in the file now
    \(markers.divider)
    lines as they shall be
    \(markers.replace)
    """
  }
}
