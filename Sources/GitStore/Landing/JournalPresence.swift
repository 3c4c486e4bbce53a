// A cheap look for a landing journal.

import Glibc

extension Repository {
  /// Whether a landing began in this directory and was not reported as ended.
  package static func hasLandingJournal(in directory: String) -> Bool {
    access(LandingJournal.path(in: directory), F_OK) == 0
  }
}
