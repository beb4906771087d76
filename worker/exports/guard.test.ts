import { expect, test } from "bun:test"
import fc from "fast-check"
import { shown } from "../../db/exports/shown.ts"
import { pool } from "../../db/pool.ts"
import { guarded } from "../documents/csv/guard.ts"

const column = { name: "given", kind: "text", type: "text", keyPlace: null } as const

/** What PostgreSQL makes of texts in a CSV for people. */
async function byPostgres(texts: string[]) {
  const rows = await pool().unsafe(
    `select ${shown(column, "people")} from unnest($1::text[]) with ordinality as t (given, place) order by place`,
    [texts] as never,
  )
  return rows.map(({ given }) => given as string)
}

test("PostgreSQL guards the same texts as we do, whatever they begin with", async () => {
  const first = fc.constantFrom(
    ..."=+-@\t\r\n\v\f \u00a0\u1680\u2003\u2028\u202f\u205f\u3000\ufeff＝＋－＠AZaz09À×ÿɏ~{[:;\"'/.".split(
      "",
    ),
  )
  const text = fc
    .tuple(fc.array(first, { maxLength: 4 }), fc.string({ unit: "grapheme" }))
    .map(([head, rest]) => head.join("") + rest)
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 50, maxLength: 200 }), async (texts) => {
      const sendable = texts.map((text) => text.toWellFormed().replaceAll("\0", ""))
      expect(await byPostgres(sendable)).toEqual(sendable.map(guarded))
    }),
    { numRuns: 60 },
  )
})
