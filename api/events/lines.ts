import type { JobDefinition } from "../../lib/jobs/define.ts"
import { onQueue } from "../../lib/queues.ts"
import { redactText } from "../../lib/redact.ts"

/**
 * A line of a run's log. Its id, `<milliseconds>-<which of these>`, is the same however many lines before it are forgotten, and
 * comes after those of the lines before it, also where a worker's clock is behind that of the one before.
 */
export interface Line {
  id: string
  at: number
  text: string
}

/** The lines that Redis keeps of a run's log, oldest first; whoever wrote them has left out what is personal in its payload. */
export async function readLines(job: JobDefinition, id: string): Promise<Line[]> {
  const { logs } = await onQueue(job, (queue) => queue.getJobLogs(id))
  let before = { at: 0, place: -1 }
  return logs.map((line) => {
    const [, time = "", text = line] = /^(\S+) (.*)$/s.exec(line) ?? []
    const at = Date.parse(time) || 0
    before = at > before.at ? { at, place: 0 } : { at: before.at, place: before.place + 1 }
    return { id: `${before.at}-${before.place}`, at, text: redactText(at ? text : line) }
  })
}

const ID = /^(\d{1,16})-(\d{1,6})$/

/** Those lines that come after the one of this id; all when there is none. */
export function linesAfter(lines: Line[], id: string | undefined): Line[] {
  const [, at, place] = ID.exec(id ?? "") ?? []
  if (at === undefined) return lines
  return lines.filter((line) => {
    const [, lineAt, linePlace] = ID.exec(line.id)!
    return Number(lineAt) > Number(at) || (lineAt === at && Number(linePlace) > Number(place))
  })
}
