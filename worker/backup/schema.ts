import { createHash } from "node:crypto"
import { z } from "zod"
import { type Sequence, standing } from "../../db/catalogue/sequences.ts"
import type { Statement } from "../../db/catalogue/statement.ts"
import type { Manifest, Part } from "../../lib/backups/manifest.ts"
import { DamagedBackup } from "../../lib/backups/store.ts"
import { type Packing, pack } from "./pack.ts"
import { type Unpacking, unpack } from "./unpack.ts"

/** Said before the statements: bodies of functions may name what comes after them. */
const PREAMBLE = "set check_function_bodies = off;\nset client_min_messages = warning;\n\n"

const statement = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  sql: z.string(),
  tables: z.array(z.string()),
  needs: z.array(z.string()),
  when: z.enum(["before", "after"]),
})

/** The same for two backups unless the form of what is in them has changed between. */
export const digestOf = (statements: readonly Statement[]) =>
  createHash("sha256")
    .update(JSON.stringify(statements.map(({ sql }) => sql)))
    .digest("hex")

/** Store a schema: as statements for this program, and as text for any other, to run before the rows and after them, with where sequences stand. */
export async function packSchema(
  statements: readonly Statement[],
  sequences: readonly Sequence[],
  packing: Packing,
) {
  const store = (name: string, text: string) =>
    pack({ kind: "schema", name, blocks: [new TextEncoder().encode(text)] }, packing)
  const textOf = (wanted: Statement["when"]) =>
    PREAMBLE +
    statements
      .filter(({ when }) => when === wanted)
      .map(({ sql }) => `${sql};\n`)
      .join("\n")
  return {
    statements: await store("schema.json", JSON.stringify(statements)),
    before: await store("before.sql", textOf("before")),
    after: await store("after.sql", textOf("after") + sequences.map((it) => `\n${standing(it)};\n`).join("")),
  }
}

/** The schema of a backup. Throws DamagedBackup. */
export async function unpackSchema({ schema, parts }: Manifest, unpacking: Unpacking): Promise<Statement[]> {
  const part = parts.find(({ key }) => key === schema.statements) as Part
  const chunks: Uint8Array[] = []
  for await (const chunk of unpack(part, unpacking)) chunks.push(chunk)
  const read = z.array(statement).safeParse(JSON.parse(Buffer.concat(chunks).toString()))
  if (read.success) return read.data as Statement[]
  throw new DamagedBackup(`The schema of the backup ${unpacking.id} is of a form this program does not know`)
}
