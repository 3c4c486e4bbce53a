// swift-tools-version: 6.2
// The targets of Countersign and who may import whom. The build holds every import against this list
// (`make lint` and `make test` pass --explicit-target-dependency-import-check error).

import PackageDescription

let base: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Targets that touch nothing outside their values.
let pure: [SwiftSetting] = base + [.strictMemorySafety()]

let package = Package(
  name: "Countersign",
  products: [.executable(name: "countersign", targets: ["countersign"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // C libraries: module maps and inline shims, no logic.
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CLibgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),

    // Pure targets: values in, values out.
    .target(name: "Digest", dependencies: ["CCrypto"], swiftSettings: base),
    .target(name: "Diffing", swiftSettings: pure),
    .target(name: "Approval", dependencies: ["Diffing", "Digest"], swiftSettings: pure),
    .target(name: "Placement", dependencies: ["Diffing"], swiftSettings: pure),
    .target(name: "Scanner", swiftSettings: pure),
    .target(name: "CellGrid", swiftSettings: pure),
    .target(name: "Syntax", swiftSettings: pure),
    .target(
      name: "Review", dependencies: ["Approval", "CellGrid", "Diffing", "Scanner", "Syntax"],
      swiftSettings: pure),
    .target(
      name: "ReviewUI",
      dependencies: ["Approval", "CellGrid", "Diffing", "Review", "Scanner", "Syntax"],
      swiftSettings: pure),

    // Targets that touch the world.
    .target(name: "AuditLog", dependencies: ["Digest"], swiftSettings: base),
    .target(name: "ModelClient", dependencies: ["CCurl"], swiftSettings: base),
    .target(
      name: "GitStore", dependencies: ["Approval", "CLibgit2", "Diffing", "Digest"],
      swiftSettings: base),
    .target(name: "Terminal", dependencies: ["CellGrid", "CNcurses"], swiftSettings: base),
    .target(
      name: "Workstation",
      dependencies: [
        "Approval", "AuditLog", "CellGrid", "Diffing", "Digest", "GitStore", "ModelClient",
        "Placement", "Review", "ReviewUI", "Scanner", "Terminal",
      ], swiftSettings: base),
    .executableTarget(
      name: "countersign",
      dependencies: [
        "Approval", "CellGrid", "GitStore", "ModelClient", "Review", "Workstation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: base),

    // Tests, their harnesses, and programs for the terminal tests and the comparison of colours.
    .systemLibrary(
      name: "CVterm", path: "Tests/Support/CVterm", providers: [.apt(["libvterm-dev"])]),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: base),
    .target(
      name: "TerminalHarness", dependencies: ["CVterm"], path: "Tests/TerminalHarness",
      swiftSettings: base),
    .executableTarget(
      name: "TerminalProbe", dependencies: ["CellGrid", "Terminal"], path: "Tests/TerminalProbe",
      swiftSettings: base),
    .executableTarget(
      name: "SyntaxProbe", dependencies: ["Syntax"], path: "Tests/SyntaxProbe",
      swiftSettings: base),
    .target(
      name: "FilmStrip",
      dependencies: [
        "Approval", "CellGrid", "Diffing", "Review", "ReviewUI", "Scanner", "TestSupport",
      ],
      path: "Tests/FilmStrip", swiftSettings: base),
    .testTarget(
      name: "DiffingTests", dependencies: ["Diffing", "TestSupport"], swiftSettings: base),
    .testTarget(
      name: "ApprovalTests", dependencies: ["Approval", "Diffing", "Digest", "TestSupport"],
      swiftSettings: base),
    .testTarget(
      name: "PlacementTests", dependencies: ["Placement", "TestSupport"], swiftSettings: base),
    .testTarget(name: "ScannerTests", dependencies: ["Scanner"], swiftSettings: base),
    .testTarget(name: "SyntaxTests", dependencies: ["Syntax", "TestSupport"], swiftSettings: base),
    .testTarget(
      name: "ReviewTests",
      dependencies: [
        "Approval", "CellGrid", "Diffing", "FilmStrip", "Review", "Scanner", "TestSupport",
      ],
      swiftSettings: base),
    .testTarget(
      name: "ReviewUITests",
      dependencies: [
        "Approval", "CellGrid", "Diffing", "FilmStrip", "Review", "ReviewUI", "Scanner",
        "TestSupport",
      ], swiftSettings: base),
    .testTarget(name: "CellGridTests", dependencies: ["CellGrid"], swiftSettings: base),
    .testTarget(
      name: "TerminalTests",
      dependencies: [
        "CNcurses", "CellGrid", "FilmStrip", "Terminal", "TerminalHarness", "TerminalProbe",
      ], swiftSettings: base),
    .testTarget(
      name: "AuditLogTests", dependencies: ["AuditLog", "Digest", "TestSupport"],
      swiftSettings: base),
    .testTarget(name: "ModelClientTests", dependencies: ["ModelClient"], swiftSettings: base),
    .testTarget(
      name: "GitStoreTests", dependencies: ["Approval", "Diffing", "Digest", "GitStore"],
      swiftSettings: base),
    .testTarget(
      name: "WorkstationTests",
      dependencies: [
        "Approval", "AuditLog", "CellGrid", "Diffing", "Digest", "GitStore", "Review", "Scanner",
        "TestSupport", "Workstation",
      ], swiftSettings: base),
    .testTarget(
      name: "ProgramTests",
      dependencies: ["FilmStrip", "TerminalHarness", "TestSupport", "countersign"],
      swiftSettings: base),
  ]
)
