import type { Export } from "../../db/exports/requests.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { expireExports } from "../exports/expire.ts"
import { mailLink } from "../exports/mail.ts"
import { exportPerson } from "../exports/person.ts"
import { exportTables } from "../exports/tables.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(dataExport, async (payload, run) => {
  if (payload.kind === "care") return { expired: await expireExports(run.signal) }
  if (payload.kind === "tables") {
    const { done, asker } = await exportTables(payload, run)
    if (done.email) await mailLink(done, asker!, payload.content, run)
    return resultOf(done)
  }
  const { done, person } = await exportPerson(payload, run)
  await mailLink(done, person, "user-data", run)
  return resultOf(done)
})

const resultOf = ({ id, files, rows, fileSize, expiresAt }: Export) => ({
  exportId: id,
  files: files!,
  rows: rows!,
  fileSize: fileSize!,
  expiresAt: expiresAt!.toISOString(),
})
