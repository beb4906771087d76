import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { v7 as uuidv7 } from "uuid"
import { addToAuditLog } from "../../db/audit-log.ts"
import { categories } from "../../db/exports/subject-data.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { email } from "../../lib/jobs/email.ts"
import { queueOf } from "../../lib/queues.ts"
import { exportStorage } from "../../lib/storage/storage.ts"
import { unzip } from "../../sandbox/unzip.ts"
import { enqueued, testRun } from "../testing.ts"
import { fieldNames } from "./person/fields.ts"
import { exported, seedExports } from "./testing.ts"

let leave: () => Promise<void>

beforeAll(async () => {
  leave = await moveToOwnDatabase()
})

afterAll(() => leave())

interface Row {
  id: number
  email: string
  [name: string]: unknown
}

let agencyId: number
let user: Row
let renter: Row
let owner: Row

beforeEach(async () => {
  await seedExports()
  await queueOf(email).obliterate({ force: true })
  await pool()`alter table access_logs disable trigger access_logs_kept`
  await pool()`truncate exports, access_logs, consents`
  await pool()`alter table access_logs enable trigger access_logs_kept`
  ;[renter] = (await pool()`
    select renters.* from renters
    join rental_contracts on renter_id = renters.id
    join rental_payments on contract_id = rental_contracts.id
    join rental_refunds on payment_id = rental_payments.id
    where renters.email is not null limit 1
  `) as unknown as [Row]
  ;[owner] = (await pool()`
    select owners.* from owners
    join owner_deductions on owner_id = owners.id
    join rental_transfers on rental_transfers.owner_id = owners.id
    where owners.email is not null limit 1
  `) as unknown as [Row]
  agencyId = renter.agencyId as number
  ;[user] =
    (await pool()`select * from users where agency_id = ${agencyId} and role = 'broker' limit 1`) as unknown as [
      Row,
    ]
  await pool()`update renters set email_verified_at = now() where id = ${renter.id}`
  await pool()`update owners set email_verified_at = now() where id = ${owner.id}`
})

const request = (subjectType: string, { id, email }: Row, more = {}) => ({
  subjectType,
  subjectId: id,
  type: "user-data",
  format: "zip",
  email,
  ...more,
})

async function archiveOf(data: object, run = testRun()) {
  const { file, row, result } = await exported(data, run)
  const files = await unzip(file)
  const json = (path: string) => JSON.parse(files[path]!.toString())
  return { file, files, row, result, manifest: json("manifest.json"), json }
}

const refusal = (data: object, run = testRun()) =>
  exported(data, run).then(
    () => "nothing was wrong",
    (error) => error.message as string,
  )

test("the specification's own example works for a user with that address", async () => {
  const [{ id }] = await pool()<[{ id: number }]>`
    insert into users (agency_id, name, email, password_hash, role, email_verified_at)
    values (${agencyId}, 'João da Silva', 'user@example.com', '$argon2id$planted', 'user', now())
    on conflict (email) do update set name = excluded.name
    returning id
  `
  const { manifest, json, result, row } = await archiveOf({
    userId: id,
    type: "all",
    format: "zip",
    email: "user@example.com",
  })
  expect(json("dados/profile.json")).toMatchObject([
    { kind: "account", name: "João da Silva", email: "user@example.com" },
  ])
  expect(manifest.subject).toEqual({ type: "user", id, name: "João da Silva", email: "user@example.com" })
  expect(result).toMatchObject({ exportId: row.id })
})

describe("the archive of a renter", () => {
  test("has every category as JSON and CSV, with why it is kept, and a hash of every file", async () => {
    const { files, manifest, row, json } = await archiveOf(request("renter", renter))
    const paths = categories.flatMap((category) => [`dados/${category}.json`, `planilhas/${category}.csv`])
    expect(Object.keys(files)).toEqual([...paths, "LEIA-ME.txt", "manifest.json"])
    expect(manifest.categories.map(({ category }: { category: string }) => category)).toEqual(categories)
    for (const told of manifest.categories) {
      for (const field of ["title", "purpose", "legalBasis", "origin", "retention"])
        expect(told[field]).not.toBeEmpty()
      expect(told.sharedWith.length).toBeGreaterThan(0)
      expect(told.rows).toBe(json(`dados/${told.category}.json`).length)
      expect(told.absence).toBe(told.rows === 0 ? "Não há registros desta categoria." : undefined)
    }
    const hashed = [
      ...manifest.categories.flatMap(({ files }: { files: object[] }) => files),
      manifest.readme,
    ]
    expect(hashed.map(({ path, bytes, sha256 }) => [path, bytes, sha256])).toEqual(
      [...paths, "LEIA-ME.txt"].map((path) => [
        path,
        files[path]!.length,
        createHash("sha256").update(files[path]!).digest("hex"),
      ]),
    )
    expect(row).toMatchObject({ files: paths.length + 2, status: "completed" })
  })

  test("has their contracts, and every cent of their payments and refunds", async () => {
    const { json } = await archiveOf(request("renter", renter))
    const [expected] = await pool()`
      select count(distinct contract.id)::int as contracts, count(*)::int as payments, sum(total_cents)::float8 as total, sum(paid_cents)::float8 as paid
      from rental_payments join rental_contracts as contract on contract.id = contract_id where renter_id = ${renter.id}
    `
    const [refunds] = await pool()`
      select sum(amount_cents)::float8 as total from rental_refunds
      join rental_payments as payment on payment.id = payment_id join rental_contracts as contract on contract.id = contract_id
      where renter_id = ${renter.id}
    `
    const sum = (rows: Record<string, number>[], name: string) =>
      rows.reduce((total, row) => total + row[name]!, 0)
    const payments = json("dados/payments.json")
    expect(new Set(payments.map(({ contract }: { contract: string }) => contract)).size).toBe(
      expected!.contracts,
    )
    expect([payments.length, sum(payments, "totalCents"), sum(payments, "paidCents")]).toEqual([
      expected!.payments,
      expected!.total,
      expected!.paid,
    ])
    expect(sum(json("dados/refunds.json"), "amountCents")).toBe(refunds!.total)
  })

  test("has what they were told of their payments, and nothing of what others were", async () => {
    await pool()`
      insert into payment_reminders (
        agency_id, contract_id, payment_id, type, days, local_date, days_overdue, principal_cents, late_fee_cents,
        interest_cents, pix_code, locale, channels, is_agency_told, run_id
      )
      select payment.agency_id, contract_id, payment.id, 'overdue', 5, payable_until + 6, 6, total_cents, 0, 0, 'code', 'pt-BR',
        '{email,in-app}', false, 'run-' || payment.id
      from rental_payments as payment
    `
    const told = (await archiveOf(request("renter", renter))).json("dados/reminders.json")
    const [{ count }] = await pool()<[{ count: number }]>`
      select count(*)::int as count from rental_payments join rental_contracts as contract on contract.id = contract_id
      where renter_id = ${renter.id}
    `
    expect(told).toHaveLength(count)
    expect(told[0]).toMatchObject({
      type: "overdue",
      days: 5,
      daysOverdue: 6,
      channels: ["email", "in-app"],
      pixCode: "code",
    })
  })

  test("reads well: who keeps it, what is in it, what is not, and what can be asked for", async () => {
    const { files, manifest, row } = await archiveOf(request("renter", renter))
    const [agency] = await pool()`select * from agencies where id = ${agencyId}`
    const text = files["LEIA-ME.txt"]!.toString()
    expect(text).toContain(`Este arquivo traz os dados que ${agency!.name} mantém sobre ${renter.name}`)
    expect(text).toContain("- Repasses: não há registros.")
    expect(text).toMatch(/- Cobranças e pagamentos: \d+ registros\./)
    expect(text).toContain(agency!.email)
    expect(manifest.controller).toMatchObject({ name: agency!.name, cnpj: agency!.cnpj })
    expect(Date.parse(manifest.request.deadline) - Date.parse(manifest.request.requestedAt)).toBe(
      15 * 86_400_000,
    )
    expect(row.expiresAt.getTime() - row.completedAt.getTime()).toBe(7 * 86_400_000)
  })

  test("says in its spreadsheets what people call things, with sums in reais", async () => {
    const { files, json } = await archiveOf(request("renter", renter))
    const called = new Set(Object.values(fieldNames))
    for (const category of categories) {
      const [head] = files[`planilhas/${category}.csv`]!.toString().replace("\ufeff", "").split("\n")
      expect(head!.split(";").filter((name) => !called.has(name))).toEqual([])
      const fields = Object.keys(json(`dados/${category}.json`)[0] ?? {})
      if (fields.length) expect(head).toBe(fields.map((field) => fieldNames[field]).join(";"))
    }
    const [first] = json("dados/payments.json")
    const [, line] = files["planilhas/payments.csv"]!.toString().split("\n")
    expect(line).toContain(`;${(first.totalCents / 100).toFixed(2).replace(".", ",")};`)
    expect(line).toMatch(/;(?:Pago|Pendente|Pago em parte|Devolvido);/)
  })

  test("as JSON or as CSV has that alone, and still says what it is", async () => {
    const { files: json } = await archiveOf(request("renter", renter, { format: "json" }))
    expect(Object.keys(json).filter((path) => path.endsWith(".csv"))).toEqual([])
    const { files: csv } = await archiveOf(request("renter", renter, { format: "csv" }))
    expect(Object.keys(csv).filter((path) => path.startsWith("dados/"))).toEqual([])
    expect(csv["planilhas/payments.csv"]!.toString()).toMatch(
      /^\ufeffContrato;Mês de referência;Vencimento;Pagável até;Aluguel;/,
    )
  })
})

test("an owner gets properties, transfers and deductions, and a lead what they asked about", async () => {
  const { json } = await archiveOf(request("owner", owner))
  const [{ net }] = await pool()<
    [{ net: number }]
  >`select sum(net_cents)::float8 as net from rental_transfers where owner_id = ${owner.id}`
  expect(
    json("dados/transfers.json").reduce((sum: number, row: { netCents: number }) => sum + row.netCents, 0),
  ).toBe(net)
  expect(json("dados/properties.json").length).toBeGreaterThan(0)
  expect(json("dados/deductions.json").length).toBeGreaterThan(0)
  expect(json("dados/payments.json")).toEqual([])

  const [lead] =
    (await pool()`update leads set email_verified_at = now(), message = 'Posso visitar?' where id = (select min(id) from leads where email is not null) returning *`) as unknown as [
      Row,
    ]
  const inquiries = (await archiveOf(request("lead", lead))).json("dados/inquiries.json")
  expect(inquiries).toContainEqual(expect.objectContaining({ email: lead.email, message: "Posso visitar?" }))
})

test("an account that is a renter's and an owner's has what is kept of both, and its address speaks for them", async () => {
  await pool()`update users set email_verified_at = now() where id = ${user.id}`
  await pool()`update renters set user_id = ${user.id} where id = ${renter.id}`
  await pool()`update owners set user_id = ${user.id} where id = (select id from owners where agency_id = ${agencyId} limit 1)`
  const { json } = await archiveOf(request("user", user))
  expect(json("dados/profile.json").map(({ kind }: { kind: string }) => kind)).toEqual([
    "account",
    "renter",
    "owner",
  ])
  expect(json("dados/payments.json").length).toBeGreaterThan(0)
  expect(json("dados/properties.json").length).toBeGreaterThan(0)

  // The address of the renter is the account's, and nobody has verified the renter's own.
  await pool()`update renters set email = ${user.email} where id = ${renter.id}`
  expect(
    (await pool()`select email_verified_at from renters where id = ${renter.id}`)[0]!.emailVerifiedAt,
  ).toBeNull()
  expect((await archiveOf(request("renter", { ...renter, email: user.email }))).manifest.subject.id).toBe(
    renter.id,
  )
  await pool()`update renters set user_id = null, email = ${renter.email}, email_verified_at = now() where id = ${renter.id}`
  await pool()`update owners set user_id = null`
})

test("an account has what was consented to as any of what they are, what they did in the console, and that no mail is sent", async () => {
  await pool()`update users set email_verified_at = now() where id = ${user.id}`
  await pool()`update renters set user_id = ${user.id} where id = ${renter.id}`
  await pool()`insert into consents (subject_type, subject_id, purpose, status, given_at) values
    ('user', ${user.id}, 'Avisos no navegador', 'given', now()), ('renter', ${renter.id}, 'Análise de crédito', 'given', now()),
    ('renter', ${renter.id + 1}, 'De outra pessoa', 'given', now())`
  await pool()`insert into email_suppressions (email, reason) values (${user.email}, 'bounced'), ('outra@example.com', 'bounced')
    on conflict do nothing`
  await record("user", user.id)
  await record("user", user.id + 1)
  const { json, files } = await archiveOf(request("user", user))
  expect(json("dados/consents.json").map(({ purpose }: { purpose: string }) => purpose)).toEqual([
    "Avisos no navegador",
    "Análise de crédito",
  ])
  expect(json("dados/suppressions.json")).toMatchObject([{ email: user.email, reason: "bounced" }])
  expect(files["planilhas/suppressions.csv"]!.toString()).toContain("Mensagens devolvidas")
  expect(json("dados/accesses.json")).toContainEqual(
    expect.objectContaining({ action: `run.cancel by ${user.id}`, address: "192.0.2.7" }),
  )
  expect(JSON.stringify(json("dados/accesses.json"))).not.toContain(`by ${user.id + 1}`)
  await pool()`update renters set user_id = null where id = ${renter.id}`
  await pool()`delete from email_suppressions`
})

/** Have the audit log tell of something that a user has done. */
const record = (type: string, id: number) =>
  addToAuditLog({
    phase: "asked",
    actor: `${type}:${id}`,
    action: `run.cancel by ${id}`,
    target: "/api/jobs/email/1/cancel",
    address: "192.0.2.7",
  })

test("nobody's secrets and nothing of other people is in any byte of it", async () => {
  const planted = ["$argon2id$planted-secret", "est_planted_api_key_digest_of_43_signs_long_xx"]
  await pool()`update users set password_hash = ${planted[0]!} where agency_id = ${agencyId}`
  await pool()`
    insert into api_keys (name, digest, scopes, created_by) values ('planted', ${planted[1]!.slice(0, 43)}, '{read}', 'user')
    on conflict (digest) do nothing
  `
  await pool()`update renters set emergency_name = 'Zuleica Emergência', emergency_phone = '+5541900000001'`
  await pool()`insert into email_messages (run_id, recipient, template, locale, subject, status, sent_at) values
    (${uuidv7()}, ${user.email}, 'property-inquiry', 'pt-BR', 'Contato de Valdomiro Terceiro', 'sent', now())`
  await pool()`insert into access_logs (action, subject_type, subject_id, user_id, address, user_agent) values
    ('export.downloaded', 'renter', ${renter.id}, null, '203.0.113.77', 'Navegador de outra pessoa')`
  await pool()`update leads set assigned_to = ${user.id} where agency_id = ${agencyId} and id in (select id from leads where agency_id = ${agencyId} limit 20)`

  for (const [type, subject] of [
    ["renter", renter],
    ["owner", owner],
    ["user", user],
  ] as const) {
    await pool()`update users set email_verified_at = now() where id = ${user.id}`
    const { files } = await archiveOf(request(type, subject))
    const others = await pool()<{ text: string }[]>`
      with people (kind, id, name, email, phone, tax_id, extra) as (
        select 'renter', id, name, email, phone, tax_id, identity_card from renters
        union all select 'owner', id, name, email, phone, tax_id, pix_key from owners
        union all select 'lead', id, name, email, phone, null, null from leads
        union all select 'user', id, name, email, null, null, null from users
      )
      select distinct text
      from people, lateral (values (name), (email), (phone), (tax_id), (extra)) as each (text)
      where not (kind = ${type} and id = ${subject.id}) and text is not null and text <> ''
        and not exists (select from people as self, lateral (values (self.name), (self.email), (self.phone), (self.tax_id), (self.extra)) as own (mine)
          where self.kind = ${type} and self.id = ${subject.id} and mine = text)
        and not exists (select from agencies where text in (name, email, phone, cnpj, pix_key, legal_name))
    `
    expect(others.length).toBeGreaterThan(100)
    const secrets = [
      ...planted,
      planted[1]!.slice(0, 43),
      "Zuleica",
      "+5541900000001",
      "Valdomiro",
      "203.0.113.77",
      "Navegador de outra",
    ]
    for (const [path, bytes] of Object.entries(files))
      for (const text of [...secrets, ...others.map(({ text }) => text)])
        expect(bytes.includes(text) ? `${path} of the ${type} has ${text}` : "").toBe("")
  }
})

describe("it goes to the person alone", () => {
  test("an address that is not theirs, one not verified and a person there is not are refused with a sentence", async () => {
    expect(await refusal(request("renter", renter, { email: "other@example.com" }))).toContain(
      `is not that of renter ${renter.id}`,
    )
    await pool()`update renters set email_verified_at = null where id = ${renter.id}`
    expect(await refusal(request("renter", renter))).toContain(
      `The address of renter ${renter.id} has not been verified`,
    )
    expect(await refusal(request("renter", { ...renter, id: 999_999 }))).toBe("There is no renter 999999")
    expect(await pool()`select 1 from exports`).toHaveLength(0)
  })

  test("the link is mailed once, however often the run is tried, and is in no result", async () => {
    const run = testRun({ once: onceOf() })
    const first = await archiveOf(request("renter", renter), run)
    await archiveOf(request("renter", renter), run)
    const mails = await enqueued("email")
    expect(mails).toHaveLength(1)
    const { payload } = mails[0]!
    expect(payload).toMatchObject({
      to: [renter.email],
      template: "export-ready",
      data: { userName: renter.name, type: "user-data", format: "zip", fileSize: first.file.length },
    })
    expect((payload.data as { downloadUrl: string }).downloadUrl).toStartWith(
      "https://app.araucaria.example/files/est_",
    )
    expect(JSON.stringify(first.result)).not.toContain("/files/")

    // Dead before it had noted that it had asked for the mail.
    await archiveOf(request("renter", renter), testRun({ id: run.id, once: onceOf() }))
    expect(await enqueued("email")).toHaveLength(1)
  })

  test("what was asked for, and that it was made, is kept for six months whoever wants it gone", async () => {
    await archiveOf(request("renter", renter))
    const logged = await pool()`select action, subject_type, subject_id from access_logs order by id`
    expect([...logged]).toEqual(
      ["export.requested", "export.completed"].map((action) => ({
        action,
        subjectType: "renter",
        subjectId: renter.id,
      })),
    )
    const gone = await pool()`delete from access_logs`.catch((error) => error.message)
    expect(gone).toContain("is kept unchanged for six months")
    expect(await pool()`update access_logs set action = 'a.b'`.catch((error) => error.message)).toContain(
      "is kept unchanged",
    )
    await pool()`insert into access_logs (action, at) values ('export.requested', now() - interval '7 months')`
    expect((await pool()`delete from access_logs where at < now() - interval '6 months'`).count).toBe(1)
  })
})

test("one request of a person is open at a time; another may follow when it has ended, or its run was lost", async () => {
  const lost = uuidv7()
  await pool()`
    insert into exports (run_id, content, subject_type, subject_id, email, format, requested_at, deadline_at)
    values (${lost}, 'subject', 'renter', ${renter.id}, ${renter.email}, 'zip', now(), now() + interval '15 days')
  `
  expect(await refusal(request("renter", renter))).toContain(
    `A request of renter ${renter.id} is open already`,
  )
  await pool()`
    insert into runs (id, queue, name, status, priority, payload, error, attempts, asked_at, finished_at)
    values (${lost}, 'export', 'export', 'failed', 5, '{}', 'stalled', 1, now(), now())
  `
  await archiveOf(request("renter", renter))
  expect((await pool()`select status, error from exports where run_id = ${lost}`)[0]).toEqual({
    status: "failed",
    error: "its run has ended without a word",
  })
  await archiveOf(request("renter", renter))
})

test("interrupted in the middle, and tried again, it is the same file as if it had never been", async () => {
  const stop = new AbortController()
  const id = uuidv7()
  const reason = new Error("shutdown")
  const progress = ({ percentage }: { percentage: number }) => void (percentage > 50 && stop.abort(reason))
  const run = testRun({ id, signal: stop.signal, progress, once: onceOf() })
  expect(await exported(request("renter", renter), run).catch((error) => error)).toBe(reason)
  expect(await Array.fromAsync(exportStorage().list(`exports/${id}/`))).toEqual([])
  const again = testRun({ id, once: run.once })
  const { file, row } = await exported(request("renter", renter), again)

  await pool()`alter table access_logs disable trigger access_logs_kept`
  await pool()`delete from access_logs where action = 'export.completed'`
  await pool()`alter table access_logs enable trigger access_logs_kept`
  await pool()`update exports set status = 'processing', completed_at = null, expires_at = null, file_size = null, sha256 = null where id = ${row.id}`
  const undisturbed = await exported(request("renter", renter), again)
  expect(undisturbed.file.equals(file)).toBe(true)
})

test("every category says why it is kept", async () => {
  const told = await pool()`select category from processing_activities`
  expect(told.map(({ category }) => category).sort()).toEqual([...categories].sort())
})

/** What a run has done once, as far as a test goes. */
function onceOf() {
  const done = new Map<string, unknown>()
  return async <T>(key: string, perform: () => Promise<T>) => {
    if (!done.has(key)) done.set(key, await perform())
    return done.get(key) as T
  }
}
