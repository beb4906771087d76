/** What is written in, on white paper. */
export const INK = "#17201d"

/** What matters less; it still has a contrast of five on white. */
export const SOFT = "#56615d"

export const HAIRLINE = "#cfd6d2"

/** Every other row of a table: told apart on a grey printer as well. */
export const STRIPE = "#f3f5f4"

/** The colours of a document; its figures and charts go by them. */
export interface Theme {
  /** For headings and rules: readable on white. */
  accent: string
  /** Shades of it from dark to light, apart in grey as well. */
  series: string[]
}

/** The house's own colour, of an agency that has said none. */
const HOUSE = "#0f5c4f"

/** Contrast that text needs on its paper (WCAG 2.2, 1.4.3). */
const READABLE = 4.5

/** The colours that go with an agency's own, `#rrggbb`; one too light to be read is darkened. */
export function themeOf(color: string | null | undefined): Theme {
  let accent = channels(/^#[0-9a-f]{6}$/i.test(color ?? "") ? color! : HOUSE)
  while (contrastOnWhite(accent) < READABLE) accent = mix(accent, [0, 0, 0], 0.1)
  return {
    accent: hex(accent),
    series: [0, 0.42, 0.7, 0.86].map((part) => hex(mix(accent, [255, 255, 255], part))),
  }
}

type Channels = [number, number, number]

const channels = (color: string) =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as Channels

const hex = (color: Channels) =>
  `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`

const mix = (color: Channels, other: Channels, part: number) =>
  color.map((channel, index) => channel + (other[index]! - channel) * part) as Channels

function contrastOnWhite(color: Channels) {
  const [red, green, blue] = color
    .map((channel) => channel / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Channels
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}
