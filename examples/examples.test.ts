import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Webhook } from "standardwebhooks"
import { jobs } from "../lib/jobs/index.ts"
import { queueOf } from "../lib/queues.ts"
import { startIsolate } from "../sandbox/isolate.ts"
import { freePort } from "../sandbox/ports.ts"
import { launch } from "../sandbox/process/launch.ts"
import { runtimes, type Service, startService } from "../sandbox/service.ts"
import { temporaryFolder, world } from "../sandbox/testing.ts"
import { until } from "../sandbox/until.ts"
import { seedSync } from "../worker/price-sync/testing.ts"

const SECRET = `whsec_${Buffer.from("a secret that callbacks are signed with").toString("base64")}`
const deno = runtimes.deno[0]!

let api: Service
let worker: Service
beforeAll(async () => {
  await seedSync()
  const started = [runtimes.bun, [process.execPath, "worker/main.ts"]].map(async (command) =>
    (await startService(command)).up(),
  )
  ;[api, worker] = (await Promise.all(started)) as [Service, Service]
})
afterAll(async () => {
  await Promise.all([api.stop(), worker.stop()])
  await Promise.all(jobs.map((job) => queueOf(job).obliterate({ force: true })))
})

/** A route handler of Vercel's in an isolate, built as its framework does: with the environment written into it. */
async function route(path: string, env: Record<string, string>) {
  const entry = join(await temporaryFolder(), "entry.ts")
  const file = join(import.meta.dir, "vercel/app/api", path, "route.ts")
  expect((await import(file)).runtime).toBe("edge")
  await writeFile(
    entry,
    `import { POST } from ${JSON.stringify(file)}\nexport default { fetch: (request: Request) => POST(request) }\n`,
  )
  const define = Object.entries(env).map(([name, value]) => [`process.env.${name}`, JSON.stringify(value)])
  const built = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    define: Object.fromEntries(define),
  })
  return await startIsolate(await built.outputs[0]!.text())
}

describe("the routes for Vercel, in an isolate", () => {
  const signUp = (url: string, body: unknown) =>
    fetch(url, { method: "POST", body: JSON.stringify(body) }).then(async (response) => ({
      status: response.status,
      body: (await response.json()) as { welcome?: string; error?: string; details?: unknown },
    }))

  test("have whoever signs up welcomed by mail", async () => {
    const { url, stop } = await route("sign-up", {
      ESTEIRA_URL: api.url,
      ESTEIRA_API_KEY: process.env.ADMIN_API_KEY!,
    })
    const before = world.resend.messages.length
    const answer = await signUp(url, { userId: 7, name: "Ana", email: "ana@example.com" })
    expect(answer).toEqual({ status: 202, body: { welcome: expect.any(String) } })
    const mails = () => world.resend.messages.slice(before).map(({ to }) => to)
    expect(await until(() => mails().length > 0, 20_000)).toBe(true)
    expect(mails()).toEqual([["ana@example.com"]])

    expect(await signUp(url, { userId: 8, name: "Bia", email: "nobody" })).toMatchObject({
      status: 400,
      body: { details: [{ path: "to" }] },
    })
    await stop()
  })

  test("say so when Esteira cannot be asked", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const { url, stop } = await route("sign-up", { ESTEIRA_URL: nowhere, ESTEIRA_API_KEY: "est_a_key" })
    expect(await signUp(url, { userId: 9, name: "Caio", email: "caio@example.com" })).toEqual({
      status: 503,
      body: { error: "Try again in a moment" },
    })
    await stop()
  })

  test("hear what became of a mail, from Esteira alone", async () => {
    const { url, stop } = await route("esteira", { ESTEIRA_CALLBACK_SECRET: SECRET })
    const body = JSON.stringify({ type: "run.failed", data: { jobId: "01a2", failedReason: "no luck" } })
    const at = new Date()
    const send = (secret: string) =>
      fetch(url, {
        method: "POST",
        headers: {
          "webhook-id": "msg_1",
          "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
          "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
        },
        body,
      })
    expect((await send(SECRET)).status).toBe(204)
    expect(
      (await send(`whsec_${Buffer.from("another secret of that length").toString("base64")}`)).status,
    ).toBe(401)
    await stop()
  })
})

describe("the program for Deno Deploy", () => {
  test("compiles on Deno", async () => {
    const checked = launch([deno, "check", "examples/deno-deploy/main.ts"], "SIGKILL", {
      cwd: join(import.meta.dir, ".."),
    })
    expect([await checked.ended, checked.output().includes("error")]).toEqual([0, false])
  })

  test("asks for a report, and answers with it", async () => {
    const port = await freePort()
    const program = launch(
      [deno, "serve", "--allow-net", "--allow-env", `--port=${port}`, "examples/deno-deploy/main.ts"],
      "SIGKILL",
      {
        cwd: join(import.meta.dir, ".."),
        env: { ...process.env, ESTEIRA_URL: api.url, ESTEIRA_API_KEY: process.env.ADMIN_API_KEY },
      },
    )
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
    const isUp = () =>
      ask("/?from=never").then(
        ({ status }) => status === 400,
        () => false,
      )
    expect(await until(isUp, 30_000)).toBe(true)

    const answer = await ask("/?from=2026-01-01&to=2026-01-31")
    const report = (await answer.json()) as { status: string; jobId: string; returnValue: object }
    expect([answer.status, report.status]).toEqual([200, "completed"])
    expect(report.returnValue).toMatchObject({ fileSize: expect.any(Number) })
    expect(await (await ask(`/reports/${report.jobId}`)).json()).toMatchObject({ jobId: report.jobId })
    program.signal("SIGTERM")
    await program.ended
  })
})
