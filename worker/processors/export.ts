import { dataExport } from "../../lib/jobs/export.ts"
import { careForExports } from "../exports/care.ts"
import { exportLink, mailLink } from "../exports/mail.ts"
import { exportPerson } from "../exports/person.ts"
import { exportTables } from "../exports/tables.ts"
import { defineProcessor } from "./define.ts"

export default defineProcessor(dataExport, async (payload, run) => {
  if (payload.kind === "care") return await careForExports(run)
  if (payload.kind === "tables") {
    const { done, asker } = await exportTables(payload, run)
    if (!done.email) return resultOf(done, exportLink(done))
    await mailLink(done, asker!, payload.content, run)
    return resultOf(done, null)
  }
  const { done, person } = await exportPerson(payload, run)
  await mailLink(done, person, "user-data", run)
  return resultOf(done, null)
})

const resultOf = (done: Awaited<ReturnType<typeof exportTables>>["done"], downloadUrl: string | null) => ({
  exportId: done.id,
  files: done.files!,
  rows: done.rows!,
  fileSize: done.fileSize!,
  expiresAt: done.expiresAt!.toISOString(),
  downloadUrl,
})
