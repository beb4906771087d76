import { Redis } from "ioredis"
import { until } from "../until.ts"

const PATIENCE = 30_000

/** The ports of a sentinel and of the two that it watches, whichever is the master. */
interface Watched {
  sentinel: number
  one: number
  other: number
}

const field = (info: string, name: string) => new RegExp(`^${name}:(.*)\\r?$`, "m").exec(info)?.[1]?.trim()

async function using<T>(ports: number[], act: (...clients: Redis[]) => Promise<T>): Promise<T> {
  const clients = ports.map((port) => new Redis(port, "127.0.0.1"))
  try {
    return await act(...clients)
  } finally {
    for (const client of clients) client.disconnect()
  }
}

async function replication(client: Redis) {
  const info = await client.info("replication")
  return {
    role: field(info, "role"),
    link: field(info, "master_link_status"),
    replicas: Number(field(info, "connected_slaves")),
    written: Number(field(info, "master_repl_offset")),
    read: Number(field(info, "slave_repl_offset") ?? Number.NaN),
  }
}

/** How many connections there are that are neither a sentinel's, nor a replica's, nor ours. */
async function callers(client: Redis) {
  const lists = await Promise.all(
    ["normal", "pubsub"].map((type) => client.call("CLIENT", "LIST", "TYPE", type)),
  )
  const lines = lists.flatMap((list) => String(list).trim().split("\n"))
  return lines.filter((line) => line && !/ name=sentinel-| cmd=client\|list /.test(line)).length
}

async function eventually(what: string, is: () => Promise<boolean>) {
  if (!(await until(is, PATIENCE))) throw new Error(`Not in time: ${what}`)
}

/** Resolves once the replica follows, and the sentinel knows of it. */
export const untilReplicated = ({ sentinel, one, other }: Watched) =>
  using([sentinel, one, other], async (guard, ...both) => {
    await eventually("a replica that follows", async () => {
      const states = await Promise.all(both.map(replication))
      const known = (await guard!.call("SENTINEL", "replicas", "esteira")) as string[][]
      return (
        states.some(({ role, replicas }) => role === "master" && replicas === 1) &&
        states.some(({ role, link }) => role === "slave" && link === "up") &&
        known.some((replica) => replica[replica.indexOf("master-link-status") + 1] === "ok")
      )
    })
  })

/**
 * Change places as is planned: no more is written until the replica has all of it, it becomes the master, and who was at the
 * old one has to find it.
 */
export const failOver = async (watched: Watched): Promise<number> => {
  await untilReplicated(watched)
  return await using([watched.sentinel, watched.one, watched.other], async (guard, one, other) => {
    const [from, to] =
      (await replication(one!)).role === "master" ? [one!, other!] : ([other!, one!] as const)
    const port = to.options.port!
    const before = await callers(from)
    await from.call("CLIENT", "PAUSE", String(PATIENCE), "WRITE")
    await eventually("a replica that has everything", async () => {
      const [master, replica] = await Promise.all([replication(from), replication(to)])
      return master.written === replica.read
    })
    await guard!.call("SENTINEL", "FAILOVER", "esteira")
    await eventually("a new master", async () => {
      const [, at] = (await guard!.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "esteira")) as [string, string]
      return Number(at) === port && (await replication(to)).role === "master"
    })
    // What they wait to write is not written here once they may.
    await from.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await from.call("REPLICAOF", "127.0.0.1", String(port))
    await from.call("CLIENT", "UNPAUSE")
    await eventually("an old master that follows", async () => (await replication(from)).link === "up")
    // Some may have had enough meanwhile.
    await until(async () => (await callers(to)) >= before, 5_000)
    return port
  })
}
