// How colours look: contrast, distance, and both to eyes that lack a kind of cone.

import CellGrid
import Glibc

/// Whose eyes look.
enum ColourVision: CaseIterable {
  case usual
  /// Without the cones for middle wavelengths (about 1 man in 80).
  case deuteranopia
  /// Without the cones for long wavelengths (about 1 man in 100).
  case protanopia

  /// From linear RGB to linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.0.
  fileprivate var matrix: [[Double]] {
    switch self {
    case .usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    case .deuteranopia:
      [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
      ]
    case .protanopia:
      [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ]
    }
  }
}

/// A colour in linear RGB, 0 to 1.
struct LinearColour {
  let components: [Double]

  /// Nil for the terminal's own colour, which nobody knows.
  init?(_ colour: Colour?) {
    guard let (red, green, blue) = colour?.components else { return nil }
    components = [red, green, blue].map { byte in
      let value = Double(byte) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  /// The relative luminance of WCAG 2.
  var luminance: Double {
    0.2126 * components[0] + 0.7152 * components[1] + 0.0722 * components[2]
  }

  /// The contrast ratio of WCAG 2: 1 to 21.
  func contrast(with other: LinearColour) -> Double {
    let (light, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// The difference of CIE 1976 (Delta E): 2.3 is just noticeable side by side.
  func difference(from other: LinearColour, for vision: ColourVision) -> Double {
    let (left, right) = (lab(vision), other.lab(vision))
    return zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// L*, a* and b* under daylight (D65).
  private func lab(_ vision: ColourVision) -> [Double] {
    let seen = Self.product(vision.matrix, components).map { min(1, max(0, $0)) }
    let toXYZ = [
      [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
      [0.0193339, 0.1191920, 0.9503041],
    ]
    let xyz = zip(Self.product(toXYZ, seen), [0.95047, 1, 1.08883]).map { value, white in
      let ratio = value / white
      return ratio > 216 / 24389 ? cbrt(ratio) : (24389.0 / 27 * ratio + 16) / 116
    }
    return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])]
  }

  private static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
