// Which models are worth trying for the memory there is: data with a date, read from a file.

/// The recommendations of a file.
package struct Recommendations: Hashable, Sendable {
  package struct Model: Hashable, Sendable {
    package let name: String
    /// The memory of a card that it takes, in GB of ten to the ninth.
    package let memoryGigabytes: Int
    package let remark: String
  }

  /// When they were gathered.
  package let date: String
  package let source: String
  /// In the order of the file.
  package let models: [Model]

  private enum TopKey: String, CaseIterable {
    case date = "as_of"
    case source
    case models = "model"
  }

  private enum ModelKey: String, CaseIterable {
    case name, remark
    case memory = "memory_gb"
  }

  package init(reading bytes: [UInt8], path: String) throws(ConfigurationError) {
    let top = try Section<TopKey>(SettingsTable(file: bytes, path: Array(path.utf8)))
    date = try top.requiredText(.date)
    source = try top.requiredText(.source)
    var models: [Model] = []
    for table in try top.tables(.models) {
      let section = try Section<ModelKey>(table)
      guard let memory = try section.integer(.memory, in: 1...100_000) else {
        throw section.error(.memory, .missing(key: ModelKey.memory.rawValue))
      }
      models.append(
        Model(
          name: try section.requiredText(.name), memoryGigabytes: memory,
          remark: try section.requiredText(.remark)))
    }
    self.models = models
  }

  /// Those of the file that belongs to the program; nil where it is not installed.
  package static func installed() throws -> Recommendations? {
    guard let directory = InstalledFiles.directory("models") else { return nil }
    let path = "\(directory)/recommendations.toml"
    return try Recommendations(reading: try LocalFiles.read(path), path: path)
  }

  /// For the largest card, or the machine's memory where there is none: what fits, the largest first; at most four.
  package func lines(for places: [GraphicsCard]) -> [String] {
    guard let place = places.max(by: { $0.total < $1.total }) else { return [] }
    // A card is sold by its gigabytes of two to the thirtieth.
    let gigabytes = (place.total + (1 << 29)) >> 30
    let fitting = models.filter { $0.memoryGigabytes <= gigabytes }
      .sorted { $0.memoryGigabytes > $1.memoryGigabytes }.prefix(4)
    guard !fitting.isEmpty else {
      return ["No model of the list (\(date)) fits into \(gigabytes) GB."]
    }
    return ["Worth trying with \(gigabytes) GB, as of \(date) (\(source)):"]
      + fitting.map { "  \($0.name): \($0.remark)" }
  }
}
