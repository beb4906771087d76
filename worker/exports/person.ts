import { consistent } from "../../db/consistent.ts"
import { categories, findIdentity } from "../../db/exports/subject-data.ts"
import { DEADLINE_DAYS } from "../../lib/exports/subjects.ts"
import type { dataExport } from "../../lib/jobs/export.ts"
import type { JobPayload } from "../../lib/jobs/index.ts"
import { zip } from "../documents/zip/zip.ts"
import type { Run } from "../run.ts"
import { archiveOf } from "./person/archive.ts"
import { produce } from "./produce.ts"
import { findRecipient } from "./recipient.ts"
import { requestedAt } from "./requested-at.ts"

const DAY = 86_400_000

/** Gather all that is kept of a person in an archive for them (LGPD, art. 18 and 19). */
export async function exportPerson(
  payload: Extract<JobPayload<typeof dataExport>, { kind: "subject" }>,
  run: Run,
) {
  const { subjectType, subjectId, email, format } = payload
  const person = await findRecipient(subjectType, subjectId, email)
  const asked = requestedAt(run.id)
  const request = {
    content: "subject" as const,
    agencyId: person.agencyId,
    requestedBy: subjectType === "user" ? subjectId : null,
    subjectType,
    subjectId,
    email,
    format,
    requestedAt: asked,
    deadlineAt: new Date(asked.getTime() + DEADLINE_DAYS * DAY),
  }
  const done = await produce(request, run, (begun, store) =>
    consistent(run.signal, async (tx) => {
      const identity = await findIdentity(subjectType, subjectId, person.agencyId, email, tx)
      const counts = { files: 0, rows: 0 }
      let told = 0
      const onCategory = (title: string, rows: number) => {
        counts.rows += rows
        told += 1
        run.progress({
          percentage: Math.floor((99 * told) / categories.length),
          stage: "gathering",
          message: title,
        })
      }
      const entries = counted(archiveOf({ request: begun, person, identity, onCategory }, tx), counts)
      return await store({
        filename: "meus-dados.zip",
        content: zip(entries, { date: begun.startedAt }),
        counts: () => counts,
      })
    }),
  )
  return { done, person }
}

async function* counted<T>(entries: AsyncIterable<T>, counts: { files: number }) {
  for await (const entry of entries) {
    counts.files += 1
    yield entry
  }
}
