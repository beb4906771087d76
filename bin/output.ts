import { createInterface } from "node:readline"
import type { Readable } from "node:stream"

const COLOURS: Record<string, number> = { api: 36, worker: 33, start: 32 }
const coloured = process.stdout.isTTY && !process.env.NO_COLOR

/** Print lines with the name of who says them in front. */
export function say(source: string, text: string) {
  const name = source.padEnd(6)
  const label = coloured ? `\x1b[${COLOURS[source] ?? 35}m${name}\x1b[0m` : name
  for (const line of text.split("\n")) console.log(`${label} │ ${line}`)
}

/** Print what a process says, line by line; resolves when it has said all. */
export const follow = (source: string, stream: Readable) =>
  new Promise<void>((resolve) => {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
      .on("line", (line) => say(source, line))
      .on("close", resolve)
  })
