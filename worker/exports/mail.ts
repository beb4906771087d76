import type { Person } from "../../db/exports/people.ts"
import type { Export } from "../../db/exports/requests.ts"
import { enqueue } from "../../lib/enqueue.ts"
import { exportLink } from "../../lib/exports/link.ts"
import { email } from "../../lib/jobs/email.ts"
import { locale } from "../../lib/locale.ts"
import { mailIdOf } from "../mail-id.ts"
import type { Run } from "../run.ts"

/** Ask for the mail with the link, once however often the run is tried. */
export const mailLink = (done: Export, to: Person, type: Mailed["type"], run: Run) =>
  run.once("mail", async () => {
    const { id } = await enqueue(
      email,
      {
        to: done.email!,
        template: "export-ready",
        locale: locale.catch("pt-BR").parse(to.locale),
        data: {
          userName: to.name.slice(0, 200),
          type,
          format: formatOf(done),
          fileSize: done.fileSize!,
          requestedAt: done.requestedAt.toISOString(),
          downloadUrl: exportLink(done),
          expiresAt: done.expiresAt!.toISOString(),
          timeZone: to.zone,
        },
      },
      {},
      { name: "export-ready", id: mailIdOf(run.id) },
    )
    return id
  })

interface Mailed {
  type: "user-data" | "properties" | "contracts" | "all" | "tables"
}

const formatOf = ({ filename }: Export) => {
  const extension = filename!.slice(filename!.lastIndexOf(".") + 1)
  return extension === "ndjson" ? "json" : (extension as "zip" | "json" | "csv" | "xlsx")
}
