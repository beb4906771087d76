import { setTimeout as wait } from "node:timers/promises"
import { createLog } from "../../lib/log.ts"
import { within } from "../../lib/within.ts"
import type { Entry } from "./entry.ts"

/** Milliseconds an entry waits for others, and how many, or how many characters of them, are written at a time. */
const INTERVAL = 200
const BATCH = { entries: 500, size: 4 * 1024 * 1024 }

/** What is held at most while nothing can be written. */
const HELD = { entries: 50_000, size: 64 * 1024 * 1024 }

/** Milliseconds between two tries to write: the first, and the longest. */
const PAUSE = { first: 200, longest: 5_000 }

interface Options {
  /** Writes a batch, once or again. */
  write: (entries: Entry[]) => Promise<void>
  /** Told, once writing is possible again, that entries were dropped. */
  onLost?: () => void
}

/**
 * Entries on their way to PostgreSQL: written together, one batch at a time, and again until it takes them.
 * While it does not, so many are held, and then the oldest are dropped.
 */
export function createBuffer({ write, onLost = () => undefined }: Options, most = HELD) {
  const log = createLog("Ledger")
  const held: Entry[] = []
  let size = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> | undefined
  let pause = 0
  let dropped = 0
  let closed = false

  const take = () => {
    let count = 0
    let taken = 0
    while (count < Math.min(held.length, BATCH.entries) && taken < BATCH.size) taken += held[count++]!.size
    size -= taken
    return held.splice(0, count)
  }
  const drop = () => {
    if (!dropped) log.error("PostgreSQL has been away for too long: the oldest entries are dropped")
    dropped += take().length
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const batch = take()
    writing = write(batch)
      .then(written, (error: Error) => notWritten(batch, error))
      .finally(() => {
        writing = undefined
        schedule()
      })
    return writing
  }
  const written = () => {
    if (pause) log.info("PostgreSQL takes what becomes of runs again")
    pause = 0
    if (!dropped) return
    log.warn(`${dropped} entries were dropped: Redis is searched for their runs`)
    dropped = 0
    onLost()
  }
  const notWritten = (batch: Entry[], error: Error) => {
    if (!pause) log.error("Cannot write what becomes of runs; it is held, and tried again", { error })
    pause = Math.min(PAUSE.longest, pause * 2 || PAUSE.first)
    held.unshift(...batch)
    for (const entry of batch) size += entry.size
  }
  const schedule = () => {
    if (closed || writing || held.length === 0) return
    if (!pause && (held.length >= BATCH.entries || size >= BATCH.size)) void flush()
    else timer ??= setTimeout(flush, pause || INTERVAL)
  }

  return {
    add(entry: Entry) {
      held.push(entry)
      size += entry.size
      while (held.length > most.entries || size > most.size) drop()
      schedule()
    },
    /** Write what is held, in so many milliseconds at most; what is left then is for a sweep to find. */
    async close(patience: number) {
      const deadline = performance.now() + patience
      const left = () => Math.max(0, deadline - performance.now())
      closed = true
      clearTimeout(timer)
      while ((writing || held.length) && left() > 0) {
        await within(left(), "the ledger", writing ?? flush()).catch(() => undefined)
        if (pause) await wait(Math.min(pause, left()))
      }
      if (held.length || writing)
        log.warn("Not all that became of runs is written: a sweep will find the rest")
    },
  }
}
