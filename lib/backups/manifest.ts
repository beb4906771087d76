import { z } from "zod"
import { backupId } from "./id.ts"

const number = z.int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const part = z.object({
  key: z.string().describe("below the folder of the backup"),
  kind: z.enum(["schema", "rows", "keys", "files", "known-files"]),
  bytes: number.describe("as stored"),
  sha256: sha256.describe("of the bytes as stored"),
  rawBytes: number.describe("before compression and encryption"),
})

const table = z.object({
  schema: z.string(),
  name: z.string(),
  parents: z.array(z.string()).describe("the tables it is a partition of, or inherits from"),
  columns: z.array(z.string()).describe("those in the parts, in their order; generated ones are left out"),
  key: z.array(z.string()).nullable().describe("what tells its rows apart; null where nothing does"),
  mode: z
    .enum(["full", "delta", "same"])
    .describe(
      "full: the parts are all rows. delta: they are the rows that are new or changed, and the keys of all that there are. same: nothing has changed",
    ),
  rows: number.describe("in the table, at the moment of the backup"),
  checksum: z
    .string()
    .describe(
      "over all rows of the table: the sums of the xxHash32 of each line, seeds 0 and 1, modulo 2^52",
    ),
  copy: z.string().describe("the statement that takes its rows in"),
  parts: z.array(z.string()),
  keys: z.array(z.string()),
})

const sequence = z.object({
  schema: z.string(),
  name: z.string(),
  lastValue: z.string(),
  isCalled: z.boolean(),
})

/** What a backup holds. It is written last: a backup without its manifest does not exist. */
export const manifest = z.object({
  format: z.literal(1),
  id: backupId,
  kind: z.enum(["full", "incremental"]),
  chain: z.object({
    base: backupId,
    previous: backupId.nullable(),
    length: z.int().positive(),
  }),
  description: z.string().nullable(),
  retention: z.int().positive().describe("days"),
  scope: z.array(z.string()).nullable().describe("the tables asked for; null for all"),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  compression: z.object({ format: z.literal("zstd"), level: z.int() }).nullable(),
  encryption: z.object({ format: z.literal("age"), recipients: z.int().positive() }).nullable(),
  server: z.object({
    version: z.string(),
    cluster: z
      .string()
      .describe("the system, its timeline and the database: transaction ids are of these alone"),
    snapshot: z.string().describe("as `pg_current_snapshot()` told it"),
  }),
  schema: z.object({
    version: z.string().nullable().describe("the last migration"),
    source: z.literal("catalogue"),
    sha256,
    statements: z.string().describe("the part that this program restores by"),
    before: z.string().describe("the part to run before the rows"),
    after: z.string().describe("the part to run after them"),
    leftOut: z.array(z.string()).describe("what the database has and the backup does not"),
  }),
  tables: z.array(table),
  sequences: z.array(sequence),
  files: z
    .object({
      count: number,
      bytes: number,
      missing: z.array(z.string()).describe("keys of rows whose files were not there; the first hundred"),
      known: z.string().describe("the part that tells which files are in the chain"),
    })
    .nullable(),
  rows: number.describe("in its parts"),
  bytes: number.describe("of its parts, as stored"),
  rawBytes: number,
  parts: z.array(part),
})

export type Manifest = z.output<typeof manifest>
export type Part = z.output<typeof part>
export type TableEntry = z.output<typeof table>
