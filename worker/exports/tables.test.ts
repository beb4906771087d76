import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import ExcelJS from "exceljs"
import { exportColumns } from "../../db/exports/columns.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { PermanentError } from "../../lib/errors.ts"
import { tableNames } from "../../lib/exports/tables.ts"
import { dataExport } from "../../lib/jobs/export.ts"
import { REDACTED, redact } from "../../lib/redact.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { createTell } from "../../lib/tell.ts"
import { unzip } from "../../sandbox/unzip.ts"
import { testRun } from "../testing.ts"
import { contentOf } from "./content.ts"
import { planTables, type TablesPayload } from "./plan.ts"
import { asked, exported, seedExports } from "./testing.ts"

let leave: () => Promise<void>
let admin: { id: number; email: string; agencyId: number }
let broker: { id: number; email: string }

beforeAll(async () => {
  leave = await moveToOwnDatabase()
  await seedExports()
  const user = async (role: string) =>
    (await pool()`select id, email, agency_id from users where role = ${role} order by id limit 1`)[0]
  admin = (await user("admin")) as never
  broker = (await user("broker")) as never
  await pool()`truncate markets, products restart identity cascade`
  await pool()`
    insert into products (name, brand, unit, active, created_at) values
      ('Café "Extra" 500g; moído', '=1+1', 'kg', true, '2026-02-10T02:59:59Z'),
      ('مرحبا 😀', null, '', false, '2026-02-10T03:00:00Z'),
      (repeat('x', 5000), '-cmd', '  @x', true, '2026-02-11T02:59:59Z'),
      (E'two\nlines', '5 kg', '+', true, '2026-02-11T03:00:00Z')
  `
})

afterAll(() => leave())

const namesOf = async (data: object) => {
  const { file } = await exported({ tables: ["products"], format: "json", columns: ["name"], ...data })
  return (JSON.parse(file.toString()) as { name: string }[]).map(({ name }) => name.slice(0, 6))
}

const refusal = (data: unknown) =>
  exported(data).then(
    () => "nothing was wrong",
    (error) => error.message as string,
  )

/** Tables that are of no agency. */
const SHARED = [
  "markets",
  "market_stores",
  "unmatched_stores",
  "products",
  "product_barcodes",
  "prices",
  "price_syncs",
  "price_sync_products",
]

test("every table says whose its rows are, unless they are everybody's", async () => {
  for (const table of tableNames) {
    const columns = (await exportColumns(table, pool())).map(({ name }) => name)
    const isOfAgency = columns.includes(table === "agencies" ? "id" : "agency_id")
    expect([table, isOfAgency]).toEqual([table, !SHARED.includes(table)])
  }
})

describe("a table", () => {
  test("as CSV for people has Brazil's forms, and nothing that a spreadsheet would calculate", async () => {
    const { file, row, result } = await exported({ tables: ["products"], format: "csv" })
    expect(file.toString()).toBe(
      [
        "\ufeffid;name;brand;unit;active;created_at",
        `1;"Café ""Extra"" 500g; moído";'=1+1;kg;Sim;09/02/2026 23:59:59`,
        `2;مرحبا 😀;;"";Não;10/02/2026 00:00:00`,
        `3;${"x".repeat(5_000)};'-cmd;'  @x;Sim;10/02/2026 23:59:59`,
        `4;"two\nlines";5 kg;'+;Sim;11/02/2026 00:00:00\n`,
      ].join("\n"),
    )
    expect(row).toMatchObject({
      filename: "products.csv",
      rows: 4,
      files: 1,
      status: "completed",
      email: null,
    })
    expect(result).toMatchObject({ rows: 4, fileSize: file.length })
  })

  test("as CSV for programs is what PostgreSQL reads back", async () => {
    const { file } = await exported({ tables: ["products"], format: "csv", raw: true })
    await pool()`create table products_read_back (like products including generated)`
    const into = await pool()`copy products_read_back from stdin (format csv, header)`.writable()
    await new Promise<void>((resolve, reject) => into.on("error", reject).on("finish", resolve).end(file))
    const differing =
      await pool()`(select * from products except select * from products_read_back) union all (select * from products_read_back except select * from products)`
    expect(differing).toHaveLength(0)
    expect((await pool()`select 1 from products_read_back`).length).toBe(4)
  })

  test("as JSON is an array, and as NDJSON an object to a line", async () => {
    const { file: array } = await exported({ tables: ["products"], format: "json" })
    const { file: lines, row } = await exported({ tables: ["products"], format: "ndjson" })
    const objects = JSON.parse(array.toString())
    expect(objects[0]).toEqual({
      id: 1,
      name: 'Café "Extra" 500g; moído',
      brand: "=1+1",
      unit: "kg",
      active: true,
      created_at: "2026-02-10T02:59:59+00:00",
    })
    expect(
      lines
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(objects)
    expect(row.filename).toBe("products.ndjson")
  })

  test("as XLSX has numbers, moments by the agency's clock and truths", async () => {
    const { file } = await exported({ tables: ["products"], format: "xlsx" })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(file as never)
    const sheet = book.getWorksheet("products")!
    expect(sheet.rowCount).toBe(5)
    expect((sheet.getRow(2).values as unknown[]).slice(1)).toEqual([
      1,
      'Café "Extra" 500g; moído',
      "=1+1",
      "kg",
      true,
      new Date("2026-02-09T23:59:59Z"),
    ])
  })

  test("without rows has its head, or an empty array", async () => {
    const none = { tables: ["products"], filters: { id: -1 } }
    expect((await exported({ ...none, format: "csv" })).file.toString()).toBe(
      "\ufeffid;name;brand;unit;active;created_at\n",
    )
    expect(JSON.parse((await exported({ ...none, format: "json" })).file.toString())).toEqual([])
    expect((await exported({ ...none, format: "ndjson" })).file.length).toBe(0)
    const { row, file } = await exported({ ...none, format: "xlsx" })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(file as never)
    expect([row.rows, book.worksheets[0]!.rowCount]).toEqual([0, 1])
  })

  test("with sums of money shows them as such", async () => {
    const [payment] = await pool()`select id, total_cents from rental_payments order by id limit 1`
    const { file } = await exported({
      tables: ["rental_payments"],
      columns: ["id", "total_cents", "due_date"],
      filters: { id: payment!.id },
      format: "csv",
    })
    expect(file.toString()).toContain(
      `${payment!.id};${(payment!.totalCents / 100).toFixed(2).replace(".", ",")};`,
    )
  })
})

describe("several tables", () => {
  const tables = ["markets", "products"]

  test("are sheets of a workbook, or files of a ZIP", async () => {
    const { file: book, row } = await exported({ tables, format: "xlsx" })
    const read = new ExcelJS.Workbook()
    await read.xlsx.load(book as never)
    expect(read.worksheets.map(({ name }) => name)).toEqual(tables)
    expect(row.filename).toMatch(/^tables-\d{4}-\d\d-\d\d\.xlsx$/)

    const { file: archive, row: zipped } = await exported({ tables, format: "csv" })
    expect(Object.keys(await unzip(archive))).toEqual(["markets.csv", "products.csv"])
    expect(zipped).toMatchObject({ files: 2, rows: 4, format: "csv" })
    const { file: books } = await exported({ tables, format: "xlsx", archive: true })
    expect(Object.keys(await unzip(books))).toEqual(["markets.xlsx", "products.xlsx"])
  })

  test("are as they were at one moment, whatever is written meanwhile", async () => {
    await pool()`insert into products (name) select repeat(md5(n::text), 20) from generate_series(1, 50000) as n`
    const run = testRun()
    let committedAt: Promise<number> | undefined
    const progress = () => {
      committedAt ??= pool()`insert into product_barcodes values ('07891000100103', 1)`.then(() =>
        performance.now(),
      )
    }
    const { file } = await exported(
      { tables: ["products", "product_barcodes"], format: "ndjson" },
      { ...run, progress },
    )
    // Long before the second table was read, which takes no time.
    expect(performance.now() - (await committedAt!)).toBeGreaterThan(20)
    const files = await unzip(file)
    expect(files["products.ndjson"]!.toString().trimEnd().split("\n")).toHaveLength(50_004)
    expect(files["product_barcodes.ndjson"]!.length).toBe(0)
    await pool()`delete from product_barcodes`
    await pool()`delete from products where id > 4`
  })
})

test("a workbook of more rows than one can have is refused before a row is read, and so is a file of an archive", async () => {
  const most = 16 * 1_048_575
  const contentWith = (counts: number[], archive: boolean) =>
    pool().begin(async (tx) => {
      const payload = asked({ tables: ["markets", "products"], format: "xlsx", archive }) as TablesPayload
      const tables = await planTables(payload, { agencyId: undefined, zone: "America/Sao_Paulo" }, tx)
      const counted = tables.map((table, place) => ({ ...table, rows: counts[place]! }))
      const read = { zone: "America/Sao_Paulo", date: new Date(), onRows: () => expect.unreachable() }
      return await contentOf(counted, { ...payload, ...read }, tx)
    })
  for (const [counts, archive] of [
    [[1, most], false],
    [[1, most + 1], true],
  ] as const) {
    const error = await contentWith([...counts], archive).catch((error) => error)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error.message).toBe(
      `A workbook has at most 16777200 rows, and these are 16777201: ask for CSV, or for fewer rows`,
    )
  }
  expect(await contentWith([most, most], true)).toMatchObject({ extension: "zip", files: 2 })
  expect(await contentWith([0, most], false)).toMatchObject({ extension: "xlsx", files: 1 })
})

describe("the rows", () => {
  test.each([
    [{ id: 2 }, ["مرحبا "]],
    [{ id: [1, 4] }, ['Café "', "two\nli"]],
    [{ brand: null }, ["مرحبا "]],
    [{ brand: { null: false }, id: { lt: 3 } }, ['Café "']],
    [{ id: { ">=": 2, "<": 4 }, active: true }, ["xxxxxx"]],
    [{ id: { gt: 1, lte: 2 } }, ["مرحبا "]],
    [{ id: { "!=": 1 }, brand: { ne: "-cmd" } }, ["مرحبا ", "two\nli"]],
    [{ name: { like: "%; mo_do" } }, ['Café "']],
    [{ "products.name": "it's ' ; $& ? \\" }, []],
    [{ created_at: { gte: "2026-02-10T03:00:00Z", lt: "2026-02-11" } }, ["مرحبا "]],
  ])("%j of the filters are chosen", async (filters, expected) => {
    expect(await namesOf({ filters })).toEqual(expected)
  })

  test.each([
    [{ start: "2026-02-10", end: "2026-02-10" }, ["مرحبا ", "xxxxxx"]],
    [{ start: "2026-02-11" }, ["two\nli"]],
    [{ end: "2026-02-09" }, ['Café "']],
    [
      { start: "2026-02-10T02:59:59Z", end: "2026-02-10T00:00:00-03:00", column: "created_at" },
      ['Café "', "مرحبا "],
    ],
  ])("of the dates %j are chosen, by days of the agency's zone", async (dateRange, expected) => {
    expect(await namesOf({ dateRange })).toEqual(expected)
  })

  test("of a table with days of its own are chosen by those", async () => {
    const range = { start: "2025-11-01", end: "2025-11-30" }
    const { row } = await exported({ tables: ["rental_payments"], dateRange: range, format: "csv" })
    const [expected] =
      await pool()`select count(*)::int as count from rental_payments where due_date between ${range.start} and ${range.end}`
    expect(row.rows).toBe(expected!.count)
    expect(row.rows).toBeGreaterThan(0)
  })
})

describe("what the tables do not have is told with the nearest that they have", () => {
  test.each([
    [{ filters: { nmae: 1 } }, 'In products, no column "nmae": did you mean name? there are id, name, brand'],
    [{ columns: ["brnd"] }, 'In products, no column "brnd": did you mean brand?'],
    [{ filters: { "prices.id": 1 } }, 'among the tables to export, no table "prices": there are products'],
    [{ filters: { id: "seven" } }, "The filter id is no bigint: invalid input syntax"],
    [
      { filters: { created_at: { gte: "2026-02-31" } } },
      "The filter created_at is no timestamp with time zone",
    ],
    [{ filters: { id: { like: "1%" } } }, "The filter id: like is for texts, and this is bigint"],
    [
      { dateRange: { start: "2026-01-01", column: "name" } },
      "The date range of products: name is text, and no date",
    ],
  ])("%j", async (data, expected) => {
    expect(await refusal({ tables: ["products"], format: "csv", ...data })).toContain(expected)
  })

  test("whatever is redacted of the filters: columns tell of nobody, and values may", () => {
    const filters = { name: "Ana Beatriz", stauts: ["won", "lost"], id: { ">=": 12345 }, phone: null }
    const payload = asked({ tables: ["leads"], format: "csv", filters })
    expect(redact(dataExport.payload, payload)).toMatchObject({
      filters: {
        name: { eq: REDACTED },
        stauts: { in: [REDACTED, REDACTED] },
        id: { gte: REDACTED },
        phone: { null: true },
      },
    })
    const tell = createTell(dataExport.payload, payload)
    expect(tell('In leads, no column "stauts": Ana Beatriz is no status, nor is 12345')).toBe(
      `In leads, no column "stauts": ${REDACTED} is no status, nor is ${REDACTED}`,
    )
  })

  test("nothing of it is stored, and the export has failed with the reason", async () => {
    const run = testRun()
    await exported({ tables: ["products"], format: "csv", filters: { x: 1 } }, run).catch(() => undefined)
    const [row] = await pool()`select status, error, file_key from exports where run_id = ${run.id}`
    expect(row).toMatchObject({ status: "failed", fileKey: null })
    expect(await Array.fromAsync(exportStorage().list(`exports/${run.id}/`))).toEqual([])
  })
})

test("the door refuses what cannot be, and says what could", () => {
  const problems = (data: object) => {
    try {
      return asked({ format: "csv", ...data })
    } catch (error) {
      return (error as { issues: { message: string }[] }).issues.map(({ message }) => message).join()
    }
  }
  expect(problems({ tables: ["product"] })).toContain('no table "product": did you mean products?')
  expect(problems({ tables: ["api_keys"] })).toContain('no table "api_keys"')
  const range = { tables: ["products"], dateRange: { start: "2026-02-10", end: "2026-02-09" } }
  expect(problems(range)).toContain("an end that does not come before the start")
  expect(problems({ tables: ["products"], dateRange: { start: "2999-01-01" } })).toContain(
    "nothing yet of the future",
  )
  expect(problems({ tables: ["products"], filters: { id: {} } })).toContain("at least one condition")
  expect(problems({ tables: ["products"], filters: { 'id" or 1=1 --': 1 } })).not.toBeObject()
})

describe("who may have it", () => {
  test("nobody's secrets are in it, though they be asked for", async () => {
    const { file } = await exported({ tables: ["users"], format: "json" })
    expect(file.toString()).not.toContain("$argon2")
    expect(Object.keys(JSON.parse(file.toString())[0])).not.toContain("password_hash")
    expect(await refusal({ tables: ["users"], format: "csv", columns: ["password_hash"] })).toContain(
      'no column "password_hash"',
    )
    expect(
      await refusal({ tables: ["users"], format: "csv", filters: { password_hash: { like: "%a%" } } }),
    ).toContain("no column")
  })

  test("a manager gets what is the agency's, and what is everybody's", async () => {
    const { file, row } = await exported({
      tables: ["owners", "products"],
      userId: admin.id,
      email: admin.email,
      format: "json",
    })
    const files = await unzip(file)
    const owners = JSON.parse(files["owners.json"]!.toString())
    expect(new Set(owners.map((owner: { agency_id: number }) => owner.agency_id))).toEqual(
      new Set([admin.agencyId]),
    )
    expect(JSON.parse(files["products.json"]!.toString())).toHaveLength(4)
    expect(row).toMatchObject({ agencyId: admin.agencyId, requestedBy: admin.id, email: admin.email })
  })

  test("by the address alone it is the same", async () => {
    const { result, row } = await exported({ tables: ["owners"], email: admin.email, format: "csv" })
    expect(row.agencyId).toBe(admin.agencyId)
    expect(result).not.toHaveProperty("downloadUrl")
  })

  test.each([
    ["properties", "csv"],
    ["contracts", "zip"],
  ])("the agency's %s go to one of its managers alone", async (type, format) => {
    const { row, file } = await exported({ userId: admin.id, type, format, email: admin.email })
    expect(row).toMatchObject({ content: type, agencyId: admin.agencyId })
    expect(row.rows).toBeGreaterThan(0)
    expect(file.length).toBeGreaterThan(0)
    expect(await refusal({ userId: broker.id, type, format, email: broker.email })).toContain(
      "is broker: only admin and manager",
    )
    expect(await refusal({ userId: admin.id, type, format, email: broker.email })).toContain(
      "is not that of user",
    )
    expect(await refusal({ type, format, email: admin.email })).toContain("name userId and their email")
  })

  test("an address that nobody has, or that is not verified, gets nothing", async () => {
    expect(await refusal({ tables: ["products"], format: "csv", email: "who@example.com" })).toContain(
      "No user has the address",
    )
    await pool()`update users set email_verified_at = null where id = ${admin.id}`
    expect(
      await refusal({ tables: ["products"], format: "csv", userId: admin.id, email: admin.email }),
    ).toContain("has not been verified")
    await pool()`update users set email_verified_at = now() where id = ${admin.id}`
  })
})

test("it says how far it is, by rows", async () => {
  const { run } = await exported({ tables: ["rental_payments"], format: "ndjson" })
  const { progressed } = run as ReturnType<typeof testRun>
  expect(progressed.at(-1)!.message).toMatch(/^(\d+) of \1 rows$/)
  expect(progressed.at(-1)).toMatchObject({ percentage: 99, stage: "exporting" })
})

test("run twice it is one export with one file, and the same bytes", async () => {
  const run = testRun()
  const first = await exported({ tables: ["products"], format: "xlsx" }, run)
  const again = await exported({ tables: ["products"], format: "xlsx" }, run)
  expect(again.row).toEqual(first.row)
  await pool()`update exports set status = 'processing', completed_at = null, expires_at = null, file_size = null, sha256 = null where id = ${first.row.id}`
  const anew = await exported({ tables: ["products"], format: "xlsx" }, run)
  expect(anew.file.equals(first.file)).toBe(true)
  expect((await pool()`select 1 from exports where run_id = ${run.id}`).length).toBe(1)
})

test("cancelled in the middle it stops its statement, and stores nothing", async () => {
  const stop = new AbortController()
  const reason = new Error("cancelled by the test")
  await pool()`insert into products (name) select repeat(md5(n::text), 20) from generate_series(1, 30000) as n`
  const run = testRun({
    signal: stop.signal,
    progress: ({ percentage }) => void (percentage > 5 && stop.abort(reason)),
  })
  expect(await exported({ tables: ["products"], format: "csv" }, run).catch((error) => error)).toBe(reason)
  expect(await Array.fromAsync(exportStorage().list(`exports/${run.id}/`))).toEqual([])
  const copying = await pool()`
    select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like 'copy%'
  `
  expect(copying).toHaveLength(0)
  await pool()`delete from products where id > 4`
})
