import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { required } from "../required.ts"
import type { Binaries } from "./binaries.ts"

/** PostgreSQL's own tools, of one version with a server that they speak to. */
export interface Tools {
  server: Binaries
  pgDump: string
  pgRestore: string
  psql: string
}

const DEBIAN = "/usr/lib/postgresql"

/** The newest PostgreSQL that the system has a server and tools of; undefined, and said, when it has none. */
export function installedTools(): Tools | undefined {
  const majors = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))
    : []
  const found = majors.map(toolsOf).find((tools) => tools !== undefined)
  return required("A PostgreSQL with pg_dump (Debian's postgresql)", found) ? found : undefined
}

function toolsOf(major: string): Tools | undefined {
  const program = (name: string) => join(DEBIAN, major, "bin", name)
  const tools = {
    server: { major, postgres: program("postgres"), initdb: program("initdb") },
    pgDump: program("pg_dump"),
    pgRestore: program("pg_restore"),
    psql: program("psql"),
  }
  const all = [tools.server.postgres, tools.server.initdb, tools.pgDump, tools.pgRestore, tools.psql]
  return all.every((path) => existsSync(path)) ? tools : undefined
}
