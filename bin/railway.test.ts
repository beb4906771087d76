import { describe, expect, test } from "bun:test"
import { dirname, join } from "node:path"
import { createRailwayContext, project, type ServiceNode } from "railway/iac"
import definition from "../.railway/railway.ts"
import { enqueue } from "../lib/enqueue.ts"
import { email } from "../lib/jobs/email.ts"
import { queueClient, queueOf } from "../lib/queues.ts"
import { untilReady } from "../lib/redis/connect.ts"
import { findRun } from "../lib/runs.ts"
import { makeImage, readImage } from "../sandbox/image.ts"
import { portInUse } from "../sandbox/ports.ts"
import { descendants, isAlive } from "../sandbox/process/family.ts"
import { type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder, world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"

const { resources = [] } = await definition(createRailwayContext({ environment: "production" }), project)
const services = resources.flat() as ServiceNode[]
const named = (name: string) => services.find((service) => service.name === name)!
const literals = ({ variables = {} }: ServiceNode) =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, variable]) =>
      variable.type === "literal" ? [[name, variable.value ?? ""]] : [],
    ),
  )

/** Start a service with what Railway sets for it; the image's Bun is this one. */
async function start(service: ServiceNode, command: string[], env: Record<string, string> = {}) {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  return await (await startService(command, { ...literals(service), PATH, ...env })).up()
}

/** Tell it to stop while `end` brings about the end of its work; it exits with 0 and leaves nothing behind. */
async function stopped(service: Service, signal: NodeJS.Signals, end = () => {}) {
  const family = await descendants(service.pid)
  service.signal(signal)
  expect(await until(() => service.output().includes(`${signal}: stopping`), 5_000)).toBe(true)
  end()
  expect(await service.ended).toBe(0)
  expect(await Promise.all(family.map(isAlive))).not.toContain(true)
  expect(await portInUse(service.port)).toBe(false)
}

const mail = () => ({
  to: `${crypto.randomUUID()}@example.com`,
  template: "welcome" as const,
  data: { userName: "Ana" },
})

describe.each(["api", "worker"])("Railway's %s", (name) => {
  const service = named(name)
  const { deploy } = service

  test("has longer to end than it takes, is told healthy, and is always started again", () => {
    const { DRAIN_SECONDS, NODE_ENV } = literals(service)
    expect(NODE_ENV).toBe("production")
    // Five seconds each to settle, for the ledger, for PostgreSQL and for Sentry, two for Redis, and some to spare.
    expect(deploy?.drainingSeconds).toBeGreaterThanOrEqual(Number(DRAIN_SECONDS) + 4 * 5 + 2 + 5)
    expect(deploy).toMatchObject({
      healthcheckPath: "/health",
      restartPolicyType: "ALWAYS",
      preDeployCommand: ["bun run migrate"],
    })
  })
})

test("Railway's worker is the image, and the old one takes no more runs once there is a new one", () => {
  const { build, deploy } = named("worker")
  expect(build).toEqual({ builder: "DOCKERFILE", dockerfilePath: "Dockerfile.worker" })
  expect(deploy?.startCommand).toBeUndefined()
  expect(deploy?.overlapSeconds).toBe(0)
})

describe.each(["SIGTERM", "SIGINT"] as const)("on %s", (signal) => {
  test("Railway's API answers what it was asked, and ends", async () => {
    const service = named("api")
    // Railpack's way to start it.
    const api = await start(service, ["sh", "-c", service.deploy!.startCommand!])
    const redis = queueClient()
    await untilReady(redis)
    await redis.client("PAUSE", 60_000, "WRITE")
    const underWay = fetch(`${api.url}/api/jobs/email`, {
      method: "POST",
      headers: { authorization: `Bearer ${process.env.ADMIN_API_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ data: mail() }),
    })
    const held = async () => / flags=b /.test(String(await redis.client("LIST")))
    expect(await until(held, 900)).toBe(true)
    await stopped(api, signal, () => void redis.client("UNPAUSE"))
    expect((await underWay).status).toBe(202)
  })

  describe.each(["bun run worker", "the image"])("the worker of %s", (which) => {
    const command = async () => {
      if (which !== "the image") return ["sh", "-c", `exec ${which}`]
      const folder = join(await temporaryFolder(), "image")
      await makeImage(folder)
      return ["sh", "-c", `cd ${folder} && exec ${(await readImage()).command.join(" ")}`]
    }

    test("lets its run end, and ends", async () => {
      const held = world.resend.fail({ times: 1, mode: "slow" })
      const worker = await start(named("worker"), await command())
      const { id } = await enqueue(email, mail())
      await held.met
      await stopped(worker, signal, held.release)
      expect((await findRun(email, id))?.status).toBe("completed")
    })

    test("hands back a run that does not end in time, and ends", async () => {
      const hung = world.resend.fail({ times: 1, mode: "hang" })
      const worker = await start(named("worker"), await command(), { DRAIN_SECONDS: "1" })
      const { id } = await enqueue(email, mail(), { attempts: 1 })
      await hung.met
      await stopped(worker, signal)
      expect(await findRun(email, id)).toMatchObject({ status: "waiting", attemptsMade: 0 })
      await queueOf(email).obliterate({ force: true })
    })
  })
})
