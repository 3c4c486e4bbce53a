// What is read beside the screen: files of a review, names of files, and whether git is new enough.

import Approval
import GitStore
import Glibc
import Review
import Terminal

/// A file that is being read before the review asked for it.
struct FileBeingRead: Equatable {
  let session: SessionID
  let index: Int
  let file: ProposedFile
}

extension Runner {
  /// Says, once, whether git is too old for a commit, and purges what the policy lets expire; after the first frame, which need not wait for
  /// either.
  func afterFirstFrame() {
    guard !isAfterFirstFrame else { return }
    isAfterFirstFrame = true
    mailbox.post(.adoptRequests)
    let (git, mailbox) = (surroundings.repository.git, mailbox)
    let (purging, now) = (SessionPurging(surroundings), Int(time(nil)))
    let open = Set(store.ids.filter(store.isOpen))
    purgingTask = Task {
      do {
        _ = try await git.version()
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "Nothing can be committed: \(error)"))))
      }
      let (purged, problems) = await purging.purgeExpired(now: now, except: open)
      mailbox.post(.purged(purged, problems))
    }
  }

  /// Says what was purged; the list of sessions may have it.
  func purged(_ sessions: [SessionID], _ problems: [String]) -> [Event] {
    guard !sessions.isEmpty || !problems.isEmpty else { return [] }
    let count = sessions.count
    let said =
      problems.isEmpty
      ? StatusMessage(
        .note,
        "\(count) finished session\(count == 1 ? "" : "s") had expired and \(count == 1 ? "is" : "are") purged."
      ) : StatusMessage(.problem, problems.joined(separator: " "))
    return [.sessionsListed(summaries), .noted(said)]
  }

  /// Begins to read the first file of a session that will be opened, while the screen is still being made.
  func readAhead(_ session: NewSession) {
    guard let file = session.round.proposal.files.first else { return }
    Task { SyntaxColour.prepare() }
    loadFile(session.start.id, 0, file)
    readingAhead = FileBeingRead(session: session.start.id, index: 0, file: file)
  }

  func loadFile(_ id: SessionID, _ index: Int, _ file: ProposedFile) {
    // Only the first that is asked for can be the one that was read ahead.
    defer { readingAhead = nil }
    guard readingAhead != FileBeingRead(session: id, index: index, file: file) else { return }
    let (repository, mailbox) = (surroundings.repository, mailbox)
    let limit = surroundings.wholeFileLimit
    let policy = surroundings.configuration.policy
    Task {
      let loaded = await repository.loadedFile(file, wholeFileLimit: limit, policy: policy) {
        first in
        mailbox.post(.event(.fileBegun(id, index: index, first)))
      }
      mailbox.post(.event(.fileLoaded(id, index: index, file, loaded)))
    }
  }

  func listTrackedFiles() {
    let (repository, mailbox) = (surroundings.repository, mailbox)
    mailbox.post(.event(.endpointsListed(configuredChoices)))
    Task {
      do {
        guard let tip = try await repository.head().tip else {
          mailbox.post(.event(.trackedFilesListed([])))
          return
        }
        mailbox.post(.event(.trackedFilesListed(try await repository.trackedFiles(in: tip))))
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }
}
