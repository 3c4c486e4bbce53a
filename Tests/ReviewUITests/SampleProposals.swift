// The proposals that the film strips show.

import Approval
import FilmStrip
import Review

/// What a model made of "reject negative amounts".
enum SampleProposals {
  static let session: SessionID = {
    guard let id = SessionID("20260102-0304-ab") else { preconditionFailure("not a session name") }
    return id
  }()

  private static let ledgerBefore = """
    // Accounts and the entries posted to them.

    struct Ledger {
      private(set) var total = 0
      private(set) var entries: [Entry] = []

      mutating func post(_ entry: Entry) {
        total += entry.amount
        entries.append(entry)
      }

      func balance() -> Int {
        entries.reduce(0) { $0 + $1.amount }
      }

      mutating func clear() {
        entries = []
        total = 0
      }

      func report() -> String {
        var lines: [String] = []
        for entry in entries {
          lines.append(entry.text)
        }
        return lines.joined()
      }

      func isEmpty() -> Bool {
        entries.count == 0
      }
    }

    """

  private static let ledgerAfter = """
    // Accounts and the entries posted to them.

    struct Ledger {
      private(set) var total = 0
      private(set) var entries: [Entry] = []

      mutating func post(_ entry: Entry) throws {
        guard entry.amount >= 0 else {
          throw LedgerError.negative(entry.amount)
        }
        total += entry.amount
        entries.append(entry)
      }

      func balance() -> Int {
        entries.reduce(into: 0) { sum, entry in sum += entry.amount }
      }

      mutating func clear() {
        entries = []
        total = 0
      }

      func report() -> String {
        var lines: [String] = []
        for entry in entries where entry.isShown {
          lines.append(entry.text)
        }
        return lines.joined(separator: "\\n")
      }

      func isEmpty() -> Bool {
        entries.isEmpty
      }
    }

    """

  /// Six files: changed, new, deleted, a mode, a protected path, no final newline.
  static let ordinary: MadeProposal = {
    var proposal = MadeProposal([
      MadeFile(
        "Sources/Ledger/Ledger.swift", old: MadeSide(ledgerBefore), new: MadeSide(ledgerAfter)),
      MadeFile(
        "Sources/Ledger/LedgerError.swift", old: nil,
        new: MadeSide(
          """
          /// Why an entry is not posted.
          enum LedgerError: Error {
            case negative(Int)
          }

          """)),
      MadeFile(
        "Sources/Ledger/Legacy/OldImport.swift",
        old: MadeSide("// Kept for version 1.\nfunc importOld() {}\n"), new: nil),
      MadeFile(
        "scripts/release.sh", old: MadeSide("#!/bin/sh\nmake\n"),
        new: MadeSide("#!/bin/sh\nset -e\nmake\n", .executable)),
      MadeFile(
        ".github/workflows/ci.yml", old: MadeSide("jobs:\n  test:\n    runs-on: self\n"),
        new: MadeSide("jobs:\n  test:\n    runs-on: other\n")),
      MadeFile(
        "README.md", old: MadeSide("# Ledger\n\nPosts entries."),
        new: MadeSide("# Ledger\n\nPosts entries; amounts are never negative.")),
    ])
    proposal.placements = [
      RepositoryPath("Sources/Ledger/Ledger.swift"): [
        PlacedRange(newLines: 6..<10, rung: "exact"),
        PlacedRange(newLines: 24..<25, rung: "indentation"),
      ]
    ]
    return proposal
  }()

  /// Files that are decided on as a whole.
  static let wholes = MadeProposal(
    [
      MadeFile("a-logo.png", old: MadeSide([0, 1, 2, 3]), new: MadeSide([0, 1, 2, 3, 4, 5])),
      MadeFile(
        "b-current", old: MadeSide("releases/1", .symlink), new: MadeSide("../../etc/x", .symlink)),
      MadeFile("c-empty.txt", old: nil, new: MadeSide("")),
      MadeFile("d-became-link", old: MadeSide("text\n"), new: MadeSide("elsewhere", .symlink)),
      MadeFile("e-vendor", old: nil, new: MadeSide("", .submodule)),
      MadeFile("f-run.sh", old: MadeSide("make\n"), new: MadeSide("make\n", .executable)),
      MadeFile(
        "g-huge.json", old: MadeSide("{}\n"), new: MadeSide(String(repeating: "[]\n", count: 40))),
    ], wholeFileLimit: 100)

  /// Text that could deceive, and text that is merely awkward.
  static let hostile = MadeProposal([
    MadeFile(
      "a-crlf.txt", old: MadeSide("one\r\ntwo\r\nthree\r\n"),
      new: MadeSide("one\r\ntwo\nthree\r\nfour  \r\n")),
    MadeFile(
      "b-tabs.mk", old: MadeSide("all:\n\tcc -o x x.c\n"),
      new: MadeSide("all:\n\tcc -o x x.c\t\n\t\tstrip x   \n    spaces\n")),
    MadeFile(
      "c-bidi.swift", old: MadeSide("let access = \"user\"\n"),
      new: MadeSide("let access = \"user\u{202E} \u{2066}// admin\u{2069} \u{2066}\"\n")),
    MadeFile(
      "d-bytes.bin.txt", old: MadeSide("plain\n"),
      new: MadeSide([0x70, 0xFF, 0x6C, 0xC3, 0x28, 0x61, 0x08, 0x0A])),
    MadeFile(
      "e-unicode.md", old: MadeSide("Zürich\n"),
      new: MadeSide("Zu\u{308}rich 漢字 и a\u{200B}b <U+202E>\n")),
    MadeFile("f-no-newline.txt", old: MadeSide("last"), new: MadeSide("last\n")),
  ])

  /// One file with a line much longer than the screen is wide, another longer than the whole screen.
  static let long = MadeProposal([
    MadeFile(
      "long.txt",
      old: MadeSide("first\n\(words(30))\nlast\n"),
      new: MadeSide("first\n\(words(33))\nlast\nafter\n")),
    MadeFile("very-long.txt", old: nil, new: MadeSide("short\n\(words(700))\nend\n")),
  ])

  private static func words(_ count: Int) -> String {
    (1...count).map { "word\($0)" }.joined(separator: " ")
  }

  /// One file in which only blanks differ on some lines, and two hunks that are far apart.
  static let blanks = MadeProposal([
    MadeFile(
      "Makefile",
      old: MadeSide(
        (1...60).map { $0 == 9 ? "\tcc  -o x x.c\n" : $0 == 48 ? "last 48\n" : "line \($0)\n" }
          .joined()),
      new: MadeSide(
        (1...60).map {
          $0 == 9 ? "    cc -o x x.c \n" : $0 == 48 ? "last 48 now\n" : "line \($0)\n"
        }
        .joined()))
  ])

  /// One file with many hunks.
  static let scattered = MadeProposal([
    MadeFile(
      "scattered.txt",
      old: MadeSide((1...200).map { "line \($0)\n" }.joined()),
      new: MadeSide((1...200).map { $0 % 20 == 9 ? "line \($0) now\n" : "line \($0)\n" }.joined()))
  ])

  /// One file with a hunk that is taller than the screen, and another after it.
  static let tall = MadeProposal([
    MadeFile(
      "tall.txt",
      old: MadeSide((1...120).map { "line \($0)\n" }.joined()),
      new: MadeSide(
        (1...120).map { $0 < 60 ? "line \($0) now\n" : $0 == 100 ? "hundred\n" : "line \($0)\n" }
          .joined()))
  ])

  /// Several groups that share a hunk, for splitting.
  static let groups = MadeProposal([
    MadeFile(
      "groups.txt",
      old: MadeSide("a\nb\nc\nd\ne\nf\ng\nh\ni\n"),
      new: MadeSide("a\nB\nc\nd\nE\nf\ng\nH\ni\n"))
  ])

  static let unplaced: MadeProposal = {
    var proposal = ordinary
    proposal.unplaced = unplacedItems
    return proposal
  }()

  static let nothingPlaced: MadeProposal = {
    var proposal = MadeProposal([])
    proposal.unplaced = unplacedItems
    return proposal
  }()

  private static let unplacedItems = [
    UnplacedItem(
      path: Array("Sources/Ledger/Ledger.swift".utf8),
      reason: "The lines to find are nowhere in the file; the nearest are 78 % alike.",
      text: Array(
        "<<<<<<< SEARCH\nfunc save() {\n=======\nfunc save() throws {\n>>>>>>> REPLACE\n".utf8),
      wanted: Array("  func save() {\n    write(entries)\n  }\n".utf8),
      replacement: Array("  func save() throws {\n    write(entries)\n  }\n".utf8),
      places: [
        NearPlace(line: 17, text: Array("  func store() {\n    write(entries)\n  }\n".utf8)),
        NearPlace(line: 41, text: Array("  func send() {\n    write(entries)\n  }\n".utf8)),
      ]),
    UnplacedItem(
      path: Array("Sources/Ledger/Missing.swift".utf8),
      reason: "There is no such file, and the block does not make one.",
      text: Array(
        "Sources/Ledger/Missing.swift\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n".utf8),
      wanted: [], places: []),
  ]
}
