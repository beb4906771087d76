import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Redis } from "ioredis"
import { freePort } from "../ports.ts"
import { startServer } from "../process/start-server.ts"
import { until } from "../until.ts"
import { failOver, untilReplicated } from "./failover.ts"
import { answersPing } from "./ready.ts"
import { ensureRedis, startRedis } from "./server.ts"

const SLOTS = 16_384
const PATIENCE = 30_000

/** A Redis Cluster of three masters; `nodes` is what REDIS_CLUSTER_NODES takes. */
export async function startCluster(folder: string) {
  const nodes = await Promise.all([0, 1, 2].map((index) => startNode(join(folder, String(index)))))
  const clients = nodes.map(({ port }) => new Redis(port, "127.0.0.1"))
  const each = Math.ceil(SLOTS / nodes.length)
  for (const [index, client] of clients.entries()) {
    await client.cluster("ADDSLOTSRANGE", index * each, Math.min(SLOTS, (index + 1) * each) - 1)
    if (index > 0)
      await clients[0]!.call("CLUSTER", "MEET", "127.0.0.1", nodes[index]!.port, nodes[index]!.busPort)
  }
  const agreed = async () => {
    const reports = await Promise.all(clients.map((client) => client.cluster("INFO")))
    return reports.every((report) => /cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(String(report)))
  }
  const formed = await until(agreed, PATIENCE)
  for (const client of clients) client.disconnect()
  if (!formed) throw new Error("The nodes do not agree on a cluster")
  return {
    nodes: nodes.map(({ port }) => `127.0.0.1:${port}`).join(","),
    stop: () => Promise.all(nodes.map((node) => node.stop())),
  }
}

/**
 * A master, a replica of it and a sentinel that watches both under the name `esteira`, and takes the master for dead after so
 * many milliseconds. `line` is what the replica reads by: the port where it finds that of the master.
 */
export async function startSentinel(
  folder: string,
  { line = async (port: number) => port, deadAfter = 30_000 } = {},
) {
  await mkdir(folder, { recursive: true })
  // There is one replica: nobody to wait for before it is sent everything.
  const atOnce = ["--repl-diskless-sync-delay", "0"]
  const master = await startRedis({ dataDir: join(folder, "master"), durable: false, args: atOnce })
  const replica = await startRedis({
    dataDir: join(folder, "replica"),
    durable: false,
    args: [...atOnce, "--replicaof", `127.0.0.1 ${await line(master.port)}`],
  })
  const file = join(folder, "sentinel.conf")
  await writeFile(
    file,
    `sentinel monitor esteira 127.0.0.1 ${master.port} 1\nsentinel down-after-milliseconds esteira ${deadAfter}\n`,
  )
  const sentinel = await startServer({
    name: "Sentinel",
    command: await ensureRedis(),
    args: (port) => [file, "--sentinel", "--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    port: undefined,
    log: join(folder, "sentinel.log"),
    ready: (started) => answersPing(started.port, started.pid),
    ending: { ask: "SIGTERM", patience: PATIENCE, insist: "SIGKILL" },
  })
  const watched = { sentinel: sentinel.port, one: master.port, other: replica.port }
  await untilReplicated(watched)
  return {
    environment: { REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`, REDIS_SENTINEL_NAME: "esteira" },
    master,
    replica,
    /** A planned failover; resolves with the port of the new master once the old one follows it. */
    failOver: () => failOver(watched),
    stop: () => Promise.all([sentinel.stop(), replica.stop(), master.stop()]),
  }
}

async function startNode(dataDir: string) {
  await mkdir(dataDir, { recursive: true })
  const busPort = await freePort()
  const args = ["--cluster-enabled", "yes", "--cluster-port", String(busPort)]
  return { ...(await startRedis({ dataDir, durable: false, args })), busPort }
}
