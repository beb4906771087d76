import { RedisUnavailable } from "../../lib/errors.ts"
import type { JobDefinition } from "../../lib/jobs/define.ts"
import { progressOf, type RunStatus } from "../../lib/runs.ts"
import { orAway } from "../redis.ts"
import { lookUpRun } from "../runs.ts"
import type { Followed, Listener, ToldEvent } from "./followed.ts"
import { type Line, linesAfter, readLines } from "./lines.ts"
import { lookInTurn } from "./look-in-turn.ts"

type RunEvent = ToldEvent<"snapshot" | "status" | "progress" | "log" | "completed" | "failed">

/** The id of the last event of all. */
export const END = "end"

/**
 * Looks at one run for all who listen to it, and tells them what has changed since the last look: so nothing that was not heard
 * is missed, and nothing is told twice.
 */
export class Follower implements Followed {
  readonly isRun = true
  readonly isFull = false
  readonly #listeners = new Set<Listener>()
  readonly #job: JobDefinition
  readonly #id: string
  #run: RunStatus | undefined
  #lines: Line[] = []
  /** Look again, since something has happened, or may have. */
  readonly look: () => void

  constructor(job: JobDefinition, id: string) {
    this.#job = job
    this.#id = id
    this.look = lookInTurn(() => this.#look(), `Run ${id}`)
  }

  get isAlone() {
    return this.#listeners.size === 0
  }

  /** Look at the run the first time; false when there is no such run. Throws 503, and RedisUnavailable. */
  async begin(): Promise<boolean> {
    await this.#look()
    return this.#run !== undefined
  }

  /** Tell somebody all there is, but for lines up to that of this id; then what comes. */
  join(listener: Listener, after: string | undefined) {
    const run = this.#run!
    this.#listeners.add(listener)
    listener.tell({ event: "snapshot", data: run })
    for (const line of linesAfter(this.#lines, after)) listener.tell(asEvent(line))
    if (run.finishedOn !== null) this.#end(run, [listener])
  }

  leave(listener: Listener) {
    this.#listeners.delete(listener)
  }

  async #look() {
    // The lines first: a run that has ended says nothing more.
    const read = await orAway(readLines(this.#job, this.#id))
    const run = await lookUpRun(this.#job, this.#id)
    const isAway = read instanceof RedisUnavailable
    // What waits in the outbox has said nothing yet; of what has ended there may be lines that are to be told first.
    if (isAway && run?.finishedOn !== null) throw read
    const lines = isAway ? [] : read
    const before = this.#run
    const news = linesAfter(lines, this.#lines.at(-1)?.id)
    this.#lines = lines.length ? lines : this.#lines
    this.#run = run ?? before
    if (!before) return
    for (const line of news) this.#tellAll(asEvent(line))
    // Taken out of its queue, it is known to nobody: who asks again is told.
    if (!run) return endAll([...this.#listeners])
    if (run.finishedOn !== null) return this.#end(run, [...this.#listeners])
    if (run.status !== before.status) this.#tellAll({ event: "status", data: { status: run.status } })
    if (hasSaid(run) && !isSame(run.progress, before.progress))
      this.#tellAll({ event: "progress", data: run.progress })
  }

  #tellAll(event: RunEvent) {
    for (const listener of this.#listeners) listener.tell(event)
  }

  #end(run: RunStatus, listeners: Listener[]) {
    const event = run.status === "completed" ? "completed" : "failed"
    for (const listener of listeners) listener.tell({ event, data: run, id: END })
    endAll(listeners)
  }
}

function endAll(listeners: Listener[]) {
  for (const listener of listeners) listener.end()
}

const asEvent = ({ id, at, text }: Line): RunEvent => ({ event: "log", data: { at, text }, id })

/** What is told of a run that has said nothing of how far it is follows from its status. */
const hasSaid = ({ progress, status }: RunStatus) => !isSame(progress, progressOf(undefined, status))

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
