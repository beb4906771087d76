import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { writeFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { Webhook } from "standardwebhooks"
import { caseNames, runCases, type World } from "../sandbox/client/cases.ts"
import { startGateway } from "../sandbox/gateway.ts"
import { startIsolate } from "../sandbox/isolate.ts"
import { freePort } from "../sandbox/ports.ts"
import { required } from "../sandbox/required.ts"
import { runtimes, type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder } from "../sandbox/testing.ts"
import { createClient } from "./client.ts"
import { jobs } from "./jobs/index.ts"
import { queueOf } from "./queues.ts"

const LIMIT = 3_000
const root = join(import.meta.dir, "..")
const node = Bun.which("node")

/** One file for whatever has `fetch`, and the project's own files that are in it. */
async function bundle(entry: string) {
  const built = await Bun.build({
    entrypoints: [join(root, entry)],
    target: "browser",
    minify: true,
    metafile: true,
  })
  const files = Object.keys(built.metafile?.inputs ?? {}).map((file) =>
    relative(root, join(process.cwd(), file)),
  )
  return { files: files.sort(), text: await built.outputs[0]!.text() }
}

const strangers = (files: string[]) => files.filter((file) => !/^lib\/client(?:\/[\w-]+)?\.ts$/.test(file))

test("the client is small, and nothing but itself is in it", async () => {
  const { files, text } = await bundle("lib/client.ts")
  expect(files).toContain("lib/client/verify.ts")
  expect(strangers(files)).toEqual([])
  expect(text).not.toMatch(/\brequire\(|\bfrom"|\bimport"/)
  expect(text).toContain("idempotency-key")
  expect(Bun.gzipSync(new TextEncoder().encode(text), { level: 9 }).byteLength).toBeLessThanOrEqual(LIMIT)
})

test("a definition that is imported as more than a type would be seen in it, and be too large", async () => {
  const folder = await temporaryFolder()
  const entry = join(folder, "entry.ts")
  const from = (path: string) => JSON.stringify(join(import.meta.dir, path))
  await writeFile(
    entry,
    `export { createClient } from ${from("client.ts")}\nexport { email } from ${from("jobs/email.ts")}\n`,
  )
  const { files, text } = await bundle(relative(root, entry))
  expect(strangers(files)).toContain("lib/jobs/email.ts")
  expect(Bun.gzipSync(new TextEncoder().encode(text)).byteLength).toBeGreaterThan(LIMIT)
})

test("takes no call that does not compile", async () => {
  const fetch = async () => Response.json({ error: "no" }, { status: 400 })
  const client = createClient({ url: "http://here", key: "est_a_key", fetch })
  // @ts-expect-error a welcome needs a name
  await client.enqueue("email", { to: "a@example.com", template: "welcome", data: {} })
  // @ts-expect-error there is no such queue
  await client.enqueue("mail", {})
  // @ts-expect-error a queue takes its own data
  await client.batch("report", [{ data: { to: "a@example.com" } }])
  const run = await client.status("email", crypto.randomUUID())
  // @ts-expect-error a mail has no such result
  expect(run.ok && run.value.returnValue?.pages).toBe(false)
})

const inRuntimes: Record<string, (world: World) => Promise<Record<string, string>>> = {
  Bun: runCases,
  Node: async (world) => {
    const file = join(await temporaryFolder(), "cases.mjs")
    await writeFile(file, (await bundle("sandbox/client/print.ts")).text)
    return await printed([node!, file], world)
  },
  // Nothing but the network: it reads neither files nor the environment.
  Deno: (world) => printed([runtimes.deno[0]!, "run", "--allow-net", "sandbox/client/print.ts"], world),
  "an edge isolate": async (world) => {
    const isolate = await startIsolate((await bundle("sandbox/client/isolate.ts")).text)
    const answer = await fetch(isolate.url, { method: "POST", body: JSON.stringify(world) })
    const outcomes = (await answer.json()) as Record<string, string>
    await isolate.stop()
    return outcomes
  },
}

async function printed(command: string[], world: World): Promise<Record<string, string>> {
  const child = Bun.spawn([...command, JSON.stringify(world)], { cwd: root, stdout: "pipe", stderr: "pipe" })
  const [output, complaints] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  expect(complaints).toBe("")
  return JSON.parse(output)
}

describe("the client against the API", () => {
  let api: Service
  let worker: Service
  let gateway: ReturnType<typeof startGateway>
  let world: World
  beforeAll(async () => {
    const started = [runtimes.bun, [process.execPath, "worker/main.ts"]].map(async (command) =>
      (await startService(command)).up(),
    )
    ;[api, worker] = (await Promise.all(started)) as [Service, Service]
    gateway = startGateway(api.url)
    const nowhere = `http://127.0.0.1:${await freePort()}`
    world = {
      url: `${api.url}/`,
      key: process.env.ADMIN_API_KEY!,
      gateway: gateway.url,
      nowhere,
      signed: signedByOthers(),
    }
  })
  afterAll(async () => {
    await Promise.all([api.stop(), worker.stop()])
    gateway.stop()
    await Promise.all(jobs.map((job) => queueOf(job).obliterate({ force: true })))
  })

  describe.each(Object.keys(inRuntimes))("on %s", (runtime) => {
    const isThere = runtime !== "Node" || required("Node", node)
    let outcomes: Record<string, string> = {}
    beforeAll(async () => {
      if (isThere) outcomes = await inRuntimes[runtime]!(world)
    })

    test.skipIf(!isThere).each(caseNames)("%s", (name) => {
      expect(outcomes[name]).toBe("")
    })
  })
})

/** A callback as the scheme's own library signs it. */
function signedByOthers(): World["signed"] {
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`
  const body = JSON.stringify({ type: "run.completed", data: { name: "Ação" } })
  const at = new Date()
  const id = "msg_01a2"
  return {
    secret,
    body,
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign(id, at, body),
    },
  }
}
