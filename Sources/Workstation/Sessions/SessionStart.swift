// The first record of a session.

package import Approval
import AuditLog
package import Review

/// Where the change under review comes from.
package enum SessionSource: String, Hashable, Sendable {
  case model
  case range
  case patch
  /// What the files of the checkout hold beyond the last commit.
  case worktree
  /// What the index holds beyond the last commit.
  case staged
  /// Two directories; there is nothing to commit to.
  case directories
}

/// The first record of a session: what is reviewed, against which base, under which verdict.
package struct SessionStart: Hashable, Sendable {
  package let id: SessionID
  /// Seconds since 1970.
  package let created: Int
  package let title: String
  package let instruction: String
  package let files: [RepositoryPath]
  /// nil on an unborn branch.
  package let baseCommit: ObjectID?
  package let baseTree: ObjectID
  /// The full name of the branch the commit is for, or `HEAD` when detached.
  package let branch: String
  package let source: SessionSource
  package let endpoint: String
  /// Where the endpoint is, as it was written when the request was put in; empty where it was not recorded.
  package let address: String
  package let verdict: String
  package let model: String
  /// SHA-256 of the exact body sent; empty without a model.
  package let promptDigest: String
  /// What the server says the model's content is named by; empty where it does not tell.
  package let modelDigest: String
  /// nil without a model, and where it was not recorded.
  package let sampling: Sampling?
  /// What other files define, as it went into the prompt; empty for none.
  package let map: [UInt8]
  /// Other models that had a hand in what an earlier session left.
  package let otherModels: [String]

  package init(
    id: SessionID, created: Int, title: String, instruction: String, files: [RepositoryPath],
    baseCommit: ObjectID?, baseTree: ObjectID, branch: String, source: SessionSource,
    endpoint: String, address: String = "", verdict: String, model: String, promptDigest: String,
    modelDigest: String = "", sampling: Sampling? = nil, otherModels: [String] = [],
    map: [UInt8] = []
  ) {
    self.map = map
    self.otherModels = otherModels
    self.modelDigest = modelDigest
    self.sampling = sampling
    self.address = address
    self.id = id
    self.created = created
    self.title = title
    self.instruction = instruction
    self.files = files
    self.baseCommit = baseCommit
    self.baseTree = baseTree
    self.branch = branch
    self.source = source
    self.endpoint = endpoint
    self.verdict = verdict
    self.model = model
    self.promptDigest = promptDigest
  }

  /// The question that began it.
  var use: ModelUse {
    ModelUse(
      endpoint: endpoint, verdict: verdict, model: model, modelDigest: modelDigest,
      sampling: sampling, promptDigest: promptDigest)
  }

  /// The same beginning with the question as it is sent now.
  func asking(_ use: ModelUse) -> SessionStart {
    SessionStart(
      id: id, created: created, title: title, instruction: instruction, files: files,
      baseCommit: baseCommit, baseTree: baseTree, branch: branch, source: source,
      endpoint: use.endpoint, address: address, verdict: use.verdict, model: use.model,
      promptDigest: use.promptDigest, modelDigest: use.modelDigest, sampling: use.sampling,
      otherModels: otherModels, map: map)
  }

  /// What was asked for, to be asked again as it was.
  var draft: RequestDraft {
    RequestDraft(
      instruction: instruction, files: files, endpoint: endpoint, map: map,
      mapCommit: map.isEmpty ? nil : baseCommit)
  }

  /// The format of the records that follow: 2 since rounds name their base and origin.
  private static let version = 2

  var body: JSONValue {
    [
      "version": .exact(Self.version), "id": .text(id.text), "created": .exact(created),
      "title": .text(title),
      "instruction": .text(instruction), "files": .array(files.map { .bytes($0.bytes) }),
      "base": ["commit": .oid(baseCommit), "tree": .oid(baseTree)], "branch": .text(branch),
      "source": .text(source.rawValue), "endpoint": .text(endpoint),
      "address": .text(address), "verdict": .text(verdict),
      "model": .text(model), "prompt": .text(promptDigest),
      "model_digest": .text(modelDigest), "sampling": sampling?.value ?? .null,
      "other_models": .array(otherModels.map { .text($0) }), "map": .bytes(map),
    ]
  }

  init(_ reader: RecordReader) throws(RecordError) {
    let version = try reader.int("version")
    guard version == Self.version else {
      throw reader.fail(
        "it was written by \(version < Self.version ? "an older" : "a newer") Countersign, in format \(version); this one reads format \(Self.version)"
      )
    }
    guard let id = SessionID(try reader.string("id")) else { throw reader.fail("a foreign \"id\"") }
    guard let source = SessionSource(rawValue: try reader.string("source")) else {
      throw reader.fail("\"source\" is none of ours")
    }
    let base = try reader.member("base")
    guard let tree = try reader.oid("tree", of: base) else {
      throw reader.fail("the base has no tree")
    }
    var files: [RepositoryPath] = []
    for value in try reader.array("files") {
      guard let bytes = value.bytesValue else { throw reader.fail("a path is no text") }
      files.append(RepositoryPath(bytes))
    }
    self.init(
      id: id, created: try reader.int("created"), title: try reader.string("title"),
      instruction: try reader.string("instruction"), files: files,
      baseCommit: try reader.oid("commit", of: base), baseTree: tree,
      branch: try reader.string("branch"), source: source,
      endpoint: try reader.string("endpoint"),
      // Ledgers of before have none.
      address: reader.record.body["address"]?.stringValue ?? "",
      verdict: try reader.string("verdict"),
      model: try reader.string("model"), promptDigest: try reader.string("prompt"),
      modelDigest: reader.record.body["model_digest"]?.stringValue ?? "",
      sampling: reader.record.body["sampling"].flatMap(Sampling.init(_:)),
      otherModels: (reader.record.body["other_models"]?.arrayValue ?? []).compactMap(\.stringValue),
      map: reader.record.body["map"]?.bytesValue ?? [])
  }
}
