import { expect, test } from "bun:test"
import { join } from "node:path"
import postgres from "postgres"
import { installedTools } from "../sandbox/postgres/installed.ts"
import { startPostgres } from "../sandbox/postgres/server.ts"
import { mustRun } from "../sandbox/process/run.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { listStatements } from "./catalogue/statements.ts"
import { migrate } from "./migrate.ts"

const tools = installedTools()

test.skipIf(!tools)("what pg_dump writes of a migrated database, psql takes in", async () => {
  const server = await startPostgres({
    dataDir: join(await temporaryFolder(), "data"),
    durable: false,
    programs: tools!.server,
  })
  const url = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href
  const open = (name: string) =>
    postgres(url(name), { max: 1, onnotice: () => undefined, transform: postgres.camel })
  const statements = (sql: postgres.Sql) =>
    sql.begin(async (tx) => {
      await tx`set local search_path = ''`
      return (await listStatements(tx)).map(({ sql }) => sql).sort()
    })
  const sessions: postgres.Sql[] = []
  try {
    const [admin, first, second] = ["postgres", "first", "second"].map(open) as [
      postgres.Sql,
      postgres.Sql,
      postgres.Sql,
    ]
    sessions.push(admin, first, second)
    for (const name of ["first", "second"]) await admin.unsafe(`create database ${name} template template0`)
    await migrate(first)
    await first`insert into agencies (name, slug, cnpj) values ('Imobiliária', 'imobiliaria', '11222333000181')`
    await mustRun("bash", [
      "-c",
      `set -o pipefail; ${tools!.pgDump} --no-owner '${url("first")}' | ${tools!.psql} -q -v ON_ERROR_STOP=1 '${url("second")}' > /dev/null`,
    ])
    expect(await statements(second)).toEqual(await statements(first))
    const [row] =
      await second`select cnpj, is_tax_id(cnpj) as is, is_tax_id('11222333000182') as other from agencies`
    expect(row).toEqual({ cnpj: "11222333000181", is: true, other: false })
  } finally {
    await Promise.all(sessions.map((sql) => sql.end()))
    await server.stop()
  }
})
