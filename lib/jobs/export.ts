import { z } from "zod"
import { dateRange } from "../exports/date-range.ts"
import { filters, normaliseFilters, saidFilters } from "../exports/filters.ts"
import { subjectTypes } from "../exports/subjects.ts"
import { tableAliases, tableNames } from "../exports/tables.ts"
import { like } from "../like.ts"
import { unknownName } from "../nearest.ts"
import { pii } from "../pii.ts"
import { defineJob } from "./define.ts"

const id = z.int().positive()
const address = pii(z.email({ error: "an e-mail address, such as ana@example.com" }).max(320).toLowerCase())

const table = z.enum(tableNames, {
  error: ({ input }) =>
    typeof input === "string" ? unknownName("table", input, tableNames) : "the name of a table",
})

const columns = z.array(z.string().max(100)).min(1).max(200)

const tableFormats = ["csv", "xlsx", "json", "ndjson"] as const

const tables = z.strictObject({
  kind: z.literal("tables"),
  content: z.enum(["tables", "properties", "contracts"]).default("tables"),
  tables: z.array(table).min(1).max(tableNames.length),
  columns: z.partialRecord(table, columns).optional(),
  filters: filters.default({}),
  dateRange: dateRange.optional(),
  format: z.enum(tableFormats, { error: `one of ${tableFormats.join(", ")}` }),
  archive: z.boolean().default(false),
  raw: z.boolean().default(false),
  userId: id.optional(),
  email: address.optional(),
})

const subjectFormats = ["zip", "json", "csv"] as const

const subject = z.strictObject({
  kind: z.literal("subject"),
  subjectType: z.enum(subjectTypes),
  subjectId: z.int({ error: "the id of the person; or name the tables to export" }).positive(),
  email: address,
  format: z.enum(subjectFormats, { error: `one of ${subjectFormats.join(", ")}` }),
})

const care = z.strictObject({ kind: z.literal("care") })

/** The tables of an export of an agency's business. */
const BUSINESS = {
  properties: ["properties"],
  contracts: ["rental_contracts"],
} as const

const business = ["properties", "contracts"] as const
const personal = ["user-data", "all"] as const
const inGeneral = ["data-export", "tables"] as const
const types = [...personal, ...business, ...inGeneral]

const asked = z.strictObject({
  kind: z.enum(["tables", "subject"]).optional().describe("may be left out: it follows from the rest"),
  tables: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(`tables to export whole or in part: ${tableNames.join(", ")}`),
  columns: z
    .union([columns, z.record(z.string(), columns)])
    .optional()
    .describe("the columns to export, of the only table or by table; all unless said otherwise"),
  filters: saidFilters
    .optional()
    .describe(
      "what rows have to be, by column (`city`) or by table and column (`prices.market_id`): a value, a list, null, or conditions (eq, ne, in, lt, lte, gt, gte, like, null)",
    ),
  dateRange: dateRange
    .optional()
    .describe("the rows of so many days, by each table's own date unless `column` is said"),
  archive: z.boolean().optional().describe("a ZIP of a file for each table, where one file could hold them"),
  raw: z
    .boolean()
    .optional()
    .describe("CSV for programs: commas, ISO dates, and nothing that keeps spreadsheets from calculating"),
  type: z
    .enum(types, { error: `one of ${types.join(", ")}` })
    .optional()
    .describe(
      "without tables: `user-data` and `all` are what is kept of one person, `properties` and `contracts` what an agency has",
    ),
  subjectType: z.enum(subjectTypes).optional().describe("who the person is; a user unless said otherwise"),
  subjectId: id.optional().describe("the person; the user of userId unless said otherwise"),
  userId: id.optional().describe("who asks: of an agency's tables only what is that agency's is exported"),
  format: z.enum(["zip", ...tableFormats], { error: `one of zip, ${tableFormats.join(", ")}` }),
  email: address.optional().describe("the verified address of whoever may have it, who is sent the link"),
  metadata: z.unknown().optional().describe("not looked at"),
})

const input = z.discriminatedUnion("kind", [asked, care])

type Asked = z.output<typeof asked>
type Payload = z.input<typeof payload>

const payload = z.discriminatedUnion("kind", [tables, subject, care])

const finished = like(
  z.object({
    exportId: z.int(),
    files: z.int().nonnegative(),
    rows: z.int().nonnegative(),
    fileSize: z.int().nonnegative().describe("bytes"),
    expiresAt: z.iso.datetime(),
  }),
  { exportId: 12, files: 2, rows: 48_210, fileSize: 3_914_552, expiresAt: "2026-02-17T12:00:41.000Z" },
)

const cared = z.object({ expired: z.int().nonnegative().describe("files that were deleted") })

export const dataExport = defineJob({
  name: "export",
  aliases: ["data-export"],
  summary: "Export tables, or all that is kept of one person",
  payload,
  accepts: { input, normalise: (said) => ({ payload: normalise(said) }) },
  result: z.union([finished, cared]),
  example: { kind: "tables", tables: ["products", "prices"], format: "csv", filters: {} },
  concurrency: 3,
  // Tens of millions of rows.
  timeout: 2 * 3_600_000,
  schedules: [{ name: "export-care", cron: "23 * * * *", payload: () => ({ kind: "care" as const }) }],
})

function normalise(said: z.output<typeof input>): Payload {
  if (said.kind === "care") return said
  if (said.tables) return toTables(said, said.tables, "tables")
  const kind = business.find((type) => type === said.type)
  return kind ? toTables(said, [...BUSINESS[kind]], kind) : toSubject(said)
}

function toTables(said: Asked, named: string[], content: "tables" | (typeof business)[number]): Payload {
  const { columns, dateRange, raw, userId, email } = said
  const names = [...new Set(named.map((name) => tableAliases[name] ?? name))]
  return {
    kind: "tables",
    content,
    tables: names as never,
    ...(columns && { columns: (Array.isArray(columns) ? { [names[0]!]: columns } : columns) as never }),
    filters: normaliseFilters(said.filters ?? {}),
    ...(dateRange && { dateRange }),
    format: said.format === "zip" ? "csv" : said.format,
    archive: said.archive ?? said.format === "zip",
    ...(raw !== undefined && { raw }),
    ...(userId !== undefined && { userId }),
    ...(email !== undefined && { email }),
  }
}

const toSubject = ({ subjectType = "user", subjectId, userId, email, format }: Asked): Payload => ({
  kind: "subject",
  subjectType,
  subjectId: (subjectId ?? (subjectType === "user" ? userId : undefined)) as number,
  email: email as string,
  format: format as "zip",
})
