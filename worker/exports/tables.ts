import { consistent } from "../../db/consistent.ts"
import type { Export } from "../../db/exports/requests.ts"
import { dayIn } from "../../lib/days.ts"
import { timeZone } from "../../lib/zone.ts"
import type { Run } from "../run.ts"
import { contentOf } from "./content.ts"
import { planTables, type TablesPayload } from "./plan.ts"
import { produce } from "./produce.ts"
import { findAsker } from "./recipient.ts"
import { requestedAt } from "./requested-at.ts"

/** Export tables, all as they are at one moment, to a file. Of an agency's tables its users get only what is the agency's. */
export async function exportTables(payload: TablesPayload, run: Run) {
  const asker = await findAsker(payload)
  const zone = timeZone.parse(asker?.zone)
  const asked = {
    content: payload.content,
    agencyId: asker?.agencyId ?? null,
    requestedBy: asker?.id ?? null,
    subjectType: null,
    subjectId: null,
    email: payload.email ?? null,
    format: payload.archive ? "zip" : payload.format,
    requestedAt: requestedAt(run.id),
    deadlineAt: null,
  }
  const done = await produce(asked, run, (begun, store) =>
    consistent(run.signal, async (tx) => {
      const tables = await planTables(payload, { agencyId: asker?.agencyId, zone }, tx)
      const total = tables.reduce((sum, { rows }) => sum + rows, 0)
      let rows = 0
      const onRows = (count: number) => {
        rows += count
        sayProgress(run, rows, total)
      }
      const writing = { ...payload, zone, date: begun.startedAt, onRows }
      const { extension, files, content } = await contentOf(tables, writing, tx)
      const filename = `${nameOf(payload, begun, zone)}.${extension}`
      return await store({ filename, content, counts: () => ({ files, rows }) })
    }),
  )
  return { done, asker }
}

function sayProgress(run: Run, rows: number, total: number) {
  const percentage = Math.floor((99 * rows) / Math.max(1, total))
  run.progress({ percentage, stage: "exporting", message: `${rows} of ${total} rows` })
}

const nameOf = ({ content, tables }: TablesPayload, { startedAt }: Export, zone: string) =>
  content === "tables" && tables.length > 1
    ? `tables-${dayIn(zone, startedAt)}`
    : content === "tables"
      ? tables[0]!
      : content
