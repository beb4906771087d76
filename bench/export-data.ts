import { pool } from "../db/pool.ts"

/** Twelve columns: numbers, texts with accents and none, sums, moments and none. */
export const COLUMNS = [
  "id",
  "agency_id",
  "name",
  "email",
  "phone",
  "message",
  "source",
  "interest",
  "budget_cents",
  "contacted_at",
  "status",
  "created_at",
]

/** So many rows to export, some of which a spreadsheet would calculate. */
export async function drawLeads(rows: number) {
  const sql = pool()
  await sql`insert into agencies (name, slug) values ('Imobiliária Araucária', 'araucaria')`
  await sql`
    insert into leads (agency_id, name, email, phone, message, source, interest, budget_cents, contacted_at, created_at)
    select
      1,
      (array['Ana Beatriz Moreira', 'José Antônio São Miguel', 'Takeshi Watanabe', 'Éverton Kowalski'])[1 + n % 4] || ' ' || n,
      'pessoa.' || n || '@example.com',
      '+55 41 9' || (10000000 + n),
      case n % 5
        when 0 then null
        when 1 then '=HYPERLINK("http://example.com/' || n || '")'
        else 'Tenho interesse no imóvel ' || n || ', posso visitar; "hoje"?'
      end,
      (array['site', 'olx', 'vivareal', 'whatsapp'])[1 + n % 4],
      (array['venda', 'aluguel'])[1 + n % 2],
      100000 + n * 37 % 90000000,
      case when n % 3 = 0 then '2025-03-01T12:00:00Z'::timestamptz + n * interval '37 seconds' end,
      '2025-02-01T08:00:00Z'::timestamptz + n * interval '31 seconds'
    from generate_series(1, ${rows}::int) as n
  `
  await sql`vacuum analyze leads`
}
