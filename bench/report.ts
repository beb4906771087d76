import { child } from "./children.ts"
import { interleaved, numbers, quantile, tell, verdict } from "./measure.ts"

// A report of a long table and three charts as PDF, against pdfkit drawing the same texts and charts; and one of very many rows.
const { rows, many, rounds } = numbers({ rows: 5_000, many: 100_000, rounds: 7 })

interface Drawn {
  up?: true
  /** Milliseconds. */
  took: number
  bytes: number
  /** Megabytes of memory at the most. */
  peak: number
  /** Milliseconds that everything else waited, but for the worst hundredth. */
  delay: number
}

const start = async (file: string) => {
  const drawer = child<Drawn>(file, {})
  await drawer.next()
  return drawer
}

const [ours, bare] = [await start("our-report.ts"), await start("peers/bare-pdfkit.ts")]
let last!: Drawn
let delays: number[] = []

const measured = await interleaved(rounds, {
  bare: async () => (await bare.ask(rows)).took,
  ours: async () => {
    last = await ours.ask(rows)
    delays = [...delays, last.delay]
    return last.took
  },
})
tell("bare pdfkit", measured.bare, "ms")
tell("ours", measured.ours, "ms")
console.log(
  `${rows} rows, 3 charts: ${(last.bytes / 1e6).toFixed(1)} MB, everything else waited ${quantile(delays).toFixed(0)} ms (p99)`,
)
verdict("time of ours / bare pdfkit", quantile(measured.ours) / quantile(measured.bare), "<=", 1.5)
verdict("peak memory", last.peak, "<=", 300, " MB")
await Promise.all([ours.stop(), bare.stop()])

const other = await start("our-report.ts")
const long = await other.ask(many)
console.log(`${many} rows: ${(long.took / 1_000).toFixed(1)} s, ${(long.bytes / 1e6).toFixed(0)} MB`)
verdict("peak memory, many rows", long.peak, "<=", 300, " MB")
await other.stop()
