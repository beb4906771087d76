import { createHash } from "node:crypto"
import type postgres from "postgres"
import type { Person } from "../../../db/exports/people.ts"
import type { Export } from "../../../db/exports/requests.ts"
import {
  type Controller,
  categories,
  findActivities,
  findController,
  type Identity,
  subjectData,
} from "../../../db/exports/subject-data.ts"
import type { Bytes } from "../../../lib/storage/types.ts"
import { csv } from "../../documents/csv/csv.ts"
import type { ZipEntry } from "../../documents/zip/zip.ts"
import { type Records, recordsOf, tableOf } from "./category.ts"
import { type Archived, type ArchivedFile, manifestOf, readmeOf } from "./manifest.ts"

interface Archiving {
  request: Export
  person: Person
  identity: Identity
  /** Called with each category and its rows. */
  onCategory(title: string, rows: number): void
}

/** What is kept of a person, a file or two for each category, and in the end what the archive says of itself. */
export async function* archiveOf(
  { request, person, identity, onCategory }: Archiving,
  tx: postgres.TransactionSql,
): AsyncGenerator<ZipEntry> {
  const controller: Controller = await findController(person.agencyId, tx)
  const activities = new Map((await findActivities(tx)).map((activity) => [activity.category, activity]))
  const archived: Archived[] = []
  for (const category of categories) {
    const activity = activities.get(category)
    if (!activity) throw new Error(`processing_activities does not say why ${category} is kept: add it there`)
    const records = recordsOf(await subjectData[category](identity, tx))
    const files = await filesOf(category, records, { format: request.format, zone: person.zone })
    yield* files
    archived.push({ activity, rows: records.rows.length, files: files.map(describe) })
    onCategory(activity.title, records.rows.length)
  }
  const readme = textFile("LEIA-ME.txt", readmeOf(request, person, controller, archived))
  yield readme
  const manifest = manifestOf(request, person, controller, archived, describe(readme))
  yield textFile("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`)
}

interface File extends ZipEntry {
  content: Bytes
}

async function filesOf(
  category: string,
  records: Records,
  { format, zone }: { format: string; zone: string },
) {
  const files: File[] = []
  if (format !== "csv")
    files.push(textFile(`dados/${category}.json`, `${JSON.stringify(records.rows, null, 2)}\n`))
  if (format !== "json") {
    const content = Buffer.concat(await Array.fromAsync(csv(tableOf(records, zone)))) as Bytes
    files.push({ name: `planilhas/${category}.csv`, content })
  }
  return files
}

const encoder = new TextEncoder()

const textFile = (name: string, text: string): File => ({ name, content: encoder.encode(text) })

const describe = ({ name, content }: File): ArchivedFile => ({
  path: name,
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
})
