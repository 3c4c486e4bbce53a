// swift-tools-version: 6.2
// The targets of Countersign and who may import whom; the build enforces it
// (`make lint` runs with --explicit-target-dependency-import-check error).

import PackageDescription

let base: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let pure: [SwiftSetting] = base + [.strictMemorySafety()]

let package = Package(
  name: "Countersign",
  products: [.executable(name: "countersign", targets: ["countersign"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: [
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CLibgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),

    .target(name: "Digest", dependencies: ["CCrypto"], swiftSettings: base),
    .target(name: "Diffing", swiftSettings: pure),
    .target(name: "Approval", dependencies: ["Diffing", "Digest"], swiftSettings: pure),
    .target(name: "Placement", dependencies: ["Diffing"], swiftSettings: pure),
    .target(name: "Scanner", dependencies: ["Diffing"], swiftSettings: pure),
    .target(name: "CellGrid", swiftSettings: pure),
    .target(name: "AuditLog", dependencies: ["Approval", "Digest"], swiftSettings: base),
  ]
)
