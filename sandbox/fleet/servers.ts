import { join } from "node:path"
import postgres from "postgres"
import { startPostgres } from "../postgres/server.ts"
import { startRedis } from "../redis/server.ts"

/** How each server ends: asked to, or at once with what it had under way. */
const ENDINGS = { redis: ["SIGTERM", "SIGKILL"], postgres: ["SIGINT", "SIGQUIT"] } as const

type Name = keyof typeof ENDINGS

/** A Redis and a PostgreSQL of a drill's own, which end with it, and can end in the middle of it and come back with what they had. */
export async function startServers(folder: string) {
  const start = {
    redis: (port?: number) =>
      startRedis({
        ...{ dataDir: join(folder, "redis"), durable: false, port },
        args: ["--appendonly", "yes"],
      }),
    postgres: (port?: number) => startPostgres({ dataDir: join(folder, "postgres"), durable: false, port }),
  }
  const [redis, database] = await Promise.all([start.redis(), start.postgres()])
  const servers = { redis, postgres: database }
  await writeBeforeAnswering(database.url)

  return {
    redisUrl: redis.url,
    databaseUrl: database.url,
    /** End a server, with or without its leave, and start it again after so many milliseconds. */
    async restart(name: Name, { isAsked, pause }: { isAsked: boolean; pause: number }) {
      const server = servers[name]
      server.kill(ENDINGS[name][isAsked ? 0 : 1])
      await server.gone
      await Bun.sleep(pause)
      servers[name] = await start[name](server.port)
    },
    stop: () => Promise.all([servers.redis.stop(), servers.postgres.stop()]),
  }
}

/** What was committed is then there after the server was killed, though not after the machine was. */
async function writeBeforeAnswering(url: string) {
  const sql = postgres(url, { max: 1 })
  await sql`alter database ${sql(new URL(url).pathname.slice(1))} set synchronous_commit = on`
  await sql.end()
}

export type Servers = Awaited<ReturnType<typeof startServers>>
