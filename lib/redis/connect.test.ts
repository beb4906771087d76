import { afterEach, describe, test } from "bun:test"
import { join } from "node:path"
import { freePort } from "../../sandbox/ports.ts"
import { startRedis } from "../../sandbox/redis/server.ts"
import { startCluster, startSentinel } from "../../sandbox/redis/topologies.ts"
import { startService } from "../../sandbox/service.ts"
import { temporaryFolder } from "../../sandbox/testing.ts"
import { until } from "../../sandbox/until.ts"

describe("a run is done, from the API to the mail, over", () => {
  const none = {
    REDIS_URL: "",
    ...Object.fromEntries(["HOST", "PORT", "PASSWORD"].map((part) => [`UPSTASH_REDIS_${part}`, ""])),
  }
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function travels(env: Record<string, string>) {
    const over = { ...none, ...env }
    const [api, worker] = await Promise.all([
      startService([process.execPath, "api/main.ts"], over),
      startService([process.execPath, "worker/main.ts"], over),
    ])
    closing.push(() => Promise.all([api.stop(), worker.stop()]))
    await Promise.all([api.up(), worker.up()])
    const headers = { authorization: "Bearer est_a_key_for_the_tests", "content-type": "application/json" }
    const body = JSON.stringify({
      data: { to: "ana@example.com", template: "welcome", data: { userName: "Ana" } },
    })
    let statusUrl: string | undefined
    const asked = await until(async () => {
      const response = await fetch(`${api.url}/api/jobs/email`, { method: "POST", headers, body })
      statusUrl = ((await response.json()) as { statusUrl?: string }).statusUrl
      return response.status === 202
    }, 20_000)
    if (!asked) throw new Error(api.output())
    const status = async () =>
      ((await (await fetch(`${api.url}${statusUrl}`, { headers })).json()) as { status: string }).status
    if (!(await until(async () => (await status()) === "completed", 20_000))) throw new Error(worker.output())
  }

  const folder = temporaryFolder
  const fixture = (name: string) => join(import.meta.dir, "../../sandbox/tls", name)

  test("TLS, in a URL and the way of Upstash", async () => {
    const port = await freePort()
    const tls = [
      "--tls-port",
      String(port),
      "--tls-cert-file",
      fixture("localhost.crt"),
      "--tls-key-file",
      fixture("localhost.key"),
      "--tls-auth-clients",
      "no",
    ]
    const redis = await startRedis({
      dataDir: await folder(),
      durable: false,
      args: [...tls, "--user", "esteira", "on", ">secret", "~*", "&*", "+@all"],
    })
    closing.push(() => redis.stop())
    const trusted = { NODE_EXTRA_CA_CERTS: fixture("localhost.crt") }
    await travels({ REDIS_URL: `rediss://esteira:secret@localhost:${port}`, ...trusted })
    await travels({
      UPSTASH_REDIS_HOST: "localhost",
      UPSTASH_REDIS_PORT: String(port),
      UPSTASH_REDIS_PASSWORD: "secret",
      ...trusted,
    })
  })

  test("a cluster of three", async () => {
    const cluster = await startCluster(await folder())
    closing.push(() => cluster.stop())
    await travels({ REDIS_CLUSTER_NODES: cluster.nodes })
  })

  test("a master found by its sentinel", async () => {
    const sentinel = await startSentinel(await folder())
    closing.push(() => sentinel.stop())
    await travels(sentinel.environment)
  })
})
