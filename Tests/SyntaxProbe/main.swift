// Prints what the Syntax target makes of files, for the comparison with another highlighter.
//
// Reads lines `LANGUAGE PATH` from standard input; a LANGUAGE of `-` stands for the one that the
// path and the first line tell. For each it writes a line `LANGUAGE TOLD COUNT` and then COUNT
// bytes, one for each byte of the file: the letter of its token's kind, a blank where it is plain,
// and line feeds as they are. TOLD is the language told from the path, `-` for none.

import Glibc
import Syntax

func content(ofFile path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

func letter(_ kind: TokenKind) -> UInt8 {
  switch kind {
  case .comment: UInt8(ascii: "c")
  case .keyword: UInt8(ascii: "k")
  case .type: UInt8(ascii: "t")
  case .string: UInt8(ascii: "s")
  case .number: UInt8(ascii: "n")
  case .function: UInt8(ascii: "f")
  case .constant: UInt8(ascii: "o")
  case .preprocessor: UInt8(ascii: "p")
  }
}

func letters(_ bytes: [UInt8], _ language: Language) -> [UInt8] {
  var letters = [UInt8](repeating: UInt8(ascii: " "), count: bytes.count)
  var state = LexState()
  var start = 0
  while start < bytes.count {
    let feed = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
    let end = feed.map { $0 + 1 } ?? bytes.count
    for token in language.lex(line: bytes[start..<end], state: &state) {
      for offset in token.range { letters[start + offset] = letter(token.kind) }
    }
    if let feed { letters[feed] = UInt8(ascii: "\n") }
    start = end
  }
  return letters
}

func print(_ bytes: [UInt8]) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    guard count > 0 else { exit(1) }
    rest = rest.dropFirst(count)
  }
}

while let line = readLine() {
  guard let blank = line.firstIndex(of: " ") else { continue }
  let name = line[..<blank]
  let path = String(line[line.index(after: blank)...])
  guard let bytes = content(ofFile: path) else {
    perror("SyntaxProbe: cannot read \(path)")
    exit(1)
  }
  let firstLine = bytes.prefix { $0 != UInt8(ascii: "\n") }
  let told = Language.of(path: Array(path.utf8), firstLine: firstLine)
  let asked = Language.allCases.first { "\($0)" == name } ?? told
  let marks = asked.map { letters(bytes, $0) } ?? []
  print(
    Array("\(asked.map { "\($0)" } ?? "-") \(told.map { "\($0)" } ?? "-") \(marks.count)\n".utf8))
  print(marks)
}
