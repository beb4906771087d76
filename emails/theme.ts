import type { CSSProperties } from "react"

type Shade = readonly [light: string, dark: string]
type Palette = { color?: Shade; backgroundColor?: Shade; borderColor?: Shade }

const strong: Shade = ["#17201d", "#eef2f0"]
const soft: Shade = ["#56615d", "#a3aeaa"]
const accent: Shade = ["#0f5c4f", "#74d3c0"]
const onAccent: Shade = ["#ffffff", "#06201b"]
const hairline: Shade = ["#dfe4df", "#2c3432"]

const tones = {
  page: { backgroundColor: ["#f2f4f1", "#0e1211"] },
  card: { backgroundColor: ["#ffffff", "#171c1b"], borderColor: hairline },
  panel: { backgroundColor: ["#f2f5f2", "#1f2624"], borderColor: hairline },
  alert: { backgroundColor: ["#fdf1ec", "#2b1812"], borderColor: ["#f0c4b3", "#5e3224"] },
  warning: { color: ["#9a3412", "#ffb295"] },
  ink: { color: strong, borderColor: hairline },
  muted: { color: soft, borderColor: hairline },
  link: { color: accent },
  mark: { backgroundColor: accent, color: onAccent },
  action: { backgroundColor: accent, color: onAccent },
} as const satisfies Record<string, Palette>

/** The part an element plays, which decides its colours. */
export type Tone = keyof typeof tones

/** The face the reader's own device speaks in: nothing is fetched. */
export const sans = "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica, Arial, sans-serif"

/** For codes, where an O must not pass for a 0. */
export const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"

/** Keeps a word that is longer than the screen inside it. */
export const wrapped: CSSProperties = { overflowWrap: "anywhere", wordBreak: "break-word" }

/** Colours an element: light inline, which every client obeys, and a class that the style sheet darkens. */
export function paint(tone: Tone, style: CSSProperties = {}): { className: Tone; style: CSSProperties } {
  return { className: tone, style: { ...style, ...colors(tone, 0) } }
}

/** The phone and the dark scheme, for the clients that know media queries. */
export const styleSheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (max-width: 480px) {
  .card { padding: 28px 24px !important }
  .action { display: block !important; text-align: center !important }
}
@media (prefers-color-scheme: dark) {
${(Object.keys(tones) as Tone[]).map((tone) => `  .${tone} { ${declarations(colors(tone, 1))} }`).join("\n")}
}
`

function colors(tone: Tone, scheme: 0 | 1): Record<string, string> {
  const shades: [string, Shade][] = Object.entries(tones[tone])
  return Object.fromEntries(shades.map(([property, shade]) => [property, shade[scheme]]))
}

function declarations(style: Record<string, string>): string {
  return Object.entries(style)
    .map(([property, value]) => `${property.replace("Color", "-color")}: ${value} !important`)
    .join("; ")
}
