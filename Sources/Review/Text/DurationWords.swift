// How long something may take, for people.

package enum DurationWords {
  /// `about 40 s`, `about 3 min`, `about 2 h`: no more exact than a forecast is.
  package static func about(_ seconds: Int) -> String {
    switch seconds {
    case ..<10: "a few seconds"
    case ..<90: "about \((seconds + 5) / 10 * 10) s"
    case ..<5_400: "about \((seconds + 30) / 60) min"
    default: "about \((seconds + 1_800) / 3_600) h"
    }
  }
}
