import { setTimeout } from "node:timers"

const STREAMS = { debug: "stdout", info: "stdout", warn: "stderr", error: "stderr" } as const

/** Milliseconds between two writes of a log that has much to say. */
const INTERVAL = 10

let waiting: string[] = []
let pausing = false
let isHeard = false

/**
 * Write a line of the log. Each write is a call of the system, on which a busy worker would spend more than on its runs: the
 * first line is written at once, so that it stands there whatever comes, and those that follow closely are written together.
 * What is grave never waits, and comes after what was said before it.
 */
export function writeLine(line: string, level: keyof typeof STREAMS) {
  if (STREAMS[level] === "stderr") {
    flushLines()
    console[level](line)
    return
  }
  if (!isHeard) process.on("exit", flushLines)
  isHeard = true
  waiting.push(line)
  if (!pausing) flush()
}

function flush() {
  pausing = waiting.length > 0
  if (!pausing) return
  flushLines()
  setTimeout(flush, INTERVAL).unref()
}

/** Write what waits to be written. */
export function flushLines() {
  if (waiting.length === 0) return
  const lines = waiting.join("\n")
  waiting = []
  console.info(lines)
}
