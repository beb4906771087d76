import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { createECDH } from "node:crypto"
import { insertAdmin } from "../../db/admins.ts"
import { pool } from "../../db/pool.ts"
import { moveToOwnDatabase } from "../../db/testing.ts"
import { USUAL } from "../../db/testing-preferences.ts"
import { notification } from "../../lib/jobs/notification.ts"
import { hashPassword } from "../../lib/password.ts"
import { openEvents } from "../../sandbox/event-stream.ts"
import { type Runtime, runtimes, type Service, startService } from "../../sandbox/service.ts"
import { until } from "../../sandbox/until.ts"
import { perform } from "../../worker/testing.ts"

const authorization = "Bearer est_a_key_for_the_tests"
const PASSWORD = "correct horse battery"

let goBack: () => Promise<void>
let passwordHash: string
beforeAll(async () => {
  goBack = await moveToOwnDatabase()
  passwordHash = await hashPassword(PASSWORD)
})
afterAll(() => goBack())

const pair = createECDH("prime256v1")
const VAPID_PUBLIC_KEY = pair.generateKeys("base64url")

/** What a browser hands over. */
function subscription(endpoint = `https://push.example/${crypto.randomUUID()}`) {
  const browser = createECDH("prime256v1")
  const keys = { p256dh: browser.generateKeys("base64url"), auth: "BTBZMqHH6r4Tts7J_aSIgg" }
  return { endpoint, expirationTime: null, keys }
}

describe.each(Object.keys(runtimes) as Runtime[])("on %s", (runtime) => {
  let api: Service
  beforeAll(async () => {
    api = await (await startService(runtimes[runtime], { VAPID_PUBLIC_KEY })).up()
  })
  afterAll(() => api.stop())

  let ana: Person
  let bia: Person
  interface Person {
    id: number
    headers: Record<string, string>
  }
  const person = async (name: string): Promise<Person> => {
    const email = `${name}-${crypto.randomUUID()}@araucaria.example`
    const { id } = (await insertAdmin({ name, email, agency: "Araucária", passwordHash }))!
    await pool()`update users set role = 'broker' where id = ${id}`
    const response = await fetch(`${api.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
    const cookie = response.headers.get("set-cookie")!.split(";")[0]!
    return { id, headers: { cookie, origin: api.url } }
  }
  beforeAll(async () => {
    ana = await person("ana")
    bia = await person("bia")
  })
  beforeEach(async () => {
    await pool()`truncate notifications, push_subscriptions, notification_preferences cascade`
  })
  const listeners: { leave(): Promise<void> }[] = []
  afterEach(async () => {
    for (const listener of listeners.splice(0)) await listener.leave()
  })

  const call = async (who: Record<string, string>, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${api.url}/api/notifications${path}`, {
      method,
      headers: { ...who, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, said: (await response.json()) as never as Record<string, never> }
  }
  const tell = (userId: number[], title = "Novo contato", more: object = {}) =>
    perform(
      "notification",
      notification.payload.parse({ userId, title, message: "Ana tem interesse", ...more }),
    )
  const listen = async (who: Record<string, string>, query = "", headers = {}) => {
    const listener = await openEvents(`${api.url}/api/notifications/events${query}`, { ...who, ...headers })
    listeners.push(listener)
    return listener
  }
  const titles = (events: { data: unknown }[]) => events.map(({ data }) => (data as { title: string }).title)

  test("somebody sees their own, latest first and page by page, and notes that they are read", async () => {
    for (const title of ["um", "dois", "três"]) await tell([ana.id], title)
    await tell([bia.id], "de outra")
    const first = await call(ana.headers, "GET", "?limit=2")
    expect(first.said.notifications).toMatchObject([{ title: "três" }, { title: "dois", readAt: null }])
    const second = await call(ana.headers, "GET", `?limit=2&before=${first.said.next}`)
    expect(second.said).toMatchObject({ notifications: [{ title: "um" }], next: null })
    expect((await call(ana.headers, "GET", "/unread")).said).toEqual({ unread: 3 } as never)

    const [{ id }] = second.said.notifications as never as [{ id: number }]
    const read = await call(ana.headers, "POST", `/${id}/read`)
    expect(read).toMatchObject({ status: 200, said: { id, readAt: expect.any(String) } })
    expect(await call(ana.headers, "POST", `/${id}/read`)).toEqual(read)
    expect((await call(bia.headers, "POST", `/${id}/read`)).status).toBe(404)
    expect((await call(ana.headers, "GET", "?unread=true")).said.notifications).toHaveLength(2)

    const [{ id: latest }] = first.said.notifications as never as [{ id: number }]
    expect((await call(ana.headers, "POST", "/read", { upTo: latest - 1 })).said).toMatchObject({ count: 1 })
    expect((await call(ana.headers, "POST", "/read")).said).toMatchObject({ count: 1 })
    expect((await call(ana.headers, "GET", "/unread")).said).toEqual({ unread: 0 } as never)
    expect((await call(bia.headers, "GET", "/unread")).said).toEqual({ unread: 1 } as never)
  })

  test("what became of one at each device is told to whom it is for, and to keys", async () => {
    const pushes = async (who: Record<string, string>, id: unknown, query = "") =>
      await call(who, "GET", `/${id}/pushes${query}`)
    await tell([ana.id], "sem aparelho")
    const [bare] = (await call(ana.headers, "GET", "")).said.notifications as never as [{ id: number }]
    expect(await pushes(ana.headers, bare.id)).toEqual({ status: 200, said: { pushes: [] } as never })

    const token = `ExponentPushToken[pushed-${runtime}]`
    await call({ authorization }, "POST", `/devices?userId=${ana.id}`, { token })
    await tell([ana.id])
    const [{ id }] = (await call(ana.headers, "GET", "")).said.notifications as never as [{ id: number }]
    const error = "503 ana@example.com"
    await pool()`update push_deliveries set status = 'pending', attempts = 1, error = ${error}, due_at = '2026-03-02T12:00:00Z'`
    const told = {
      ...{
        id: expect.any(Number),
        deviceId: expect.any(Number),
        channel: "expo",
        service: "https://exp.host",
      },
      ...{ status: "pending", attempts: 1, error: "503 a***@example.com", dueAt: "2026-03-02T12:00:00.000Z" },
      ...{ sentAt: null, createdAt: expect.any(String) },
    }
    for (const asked of [
      await pushes(ana.headers, id),
      await pushes({ authorization }, id, `?userId=${ana.id}`),
    ])
      expect(asked).toEqual({ status: 200, said: { pushes: [told] } as never })
    await pool()`update push_deliveries set status = 'gone'`
    await pool()`delete from push_subscriptions`
    expect((await pushes(ana.headers, id)).said.pushes).toMatchObject([
      { deviceId: null, status: "gone", dueAt: null, service: "https://exp.host" },
    ])
    expect((await pushes(bia.headers, id)).status).toBe(404)
    expect((await pushes(bia.headers, id, `?userId=${ana.id}`)).status).toBe(403)
    for (const none of [999_999_999, 0, "x", "1e3"])
      expect((await pushes(ana.headers, none)).status).toBe(404)
  })

  test("others are for keys, which say whom it is about", async () => {
    await tell([ana.id])
    expect((await call(bia.headers, "GET", `?userId=${ana.id}`)).status).toBe(403)
    expect((await call(bia.headers, "PUT", `/preferences?userId=${ana.id}`, {})).status).toBe(403)
    expect((await call({ authorization }, "GET", "")).said).toMatchObject({ details: [{ path: "userId" }] })
    expect((await call({ authorization }, "GET", "?userId=999999")).status).toBe(404)
    expect((await call({ authorization }, "GET", `?userId=${ana.id}`)).said.notifications).toHaveLength(1)
  })

  test("what is new comes at once to all windows, and what was read in one is known in the others", async () => {
    await tell([ana.id], "antes")
    const windows = [await listen(ana.headers), await listen({ authorization }, `?userId=${ana.id}`)]
    const other = await listen(bia.headers)
    for (const window of windows) expect(await window.hears("snapshot")).toBe(true)
    expect(windows.map(({ events }) => events[0]!.data)).toEqual([{ unread: 1 }, { unread: 1 }])

    await tell([ana.id, bia.id], "agora")
    for (const window of [...windows, other]) expect(await window.hears("notification", 3_000)).toBe(true)
    expect(windows.map((window) => titles(window.of("notification")))).toEqual([["agora"], ["agora"]])
    expect(await until(() => windows.every((window) => window.of("unread").length === 1), 3_000)).toBe(true)

    await call(ana.headers, "POST", "/read")
    expect(await until(() => windows.every((window) => window.of("unread").length === 2), 3_000)).toBe(true)
    expect(windows[1]!.of("unread")[1]!.data).toEqual({ unread: 0 })
    expect(other.of("notification")).toHaveLength(1)
  })

  test("whoever comes back hears what they have missed, in order, each once", async () => {
    await tell([ana.id], "0")
    const first = await listen(ana.headers)
    await tell([ana.id], "1")
    expect(await first.hears("notification", 3_000)).toBe(true)
    const heard = first.of("notification")[0]!.id!
    await first.leave()
    const missed = Array.from({ length: 230 }, (_, index) => String(index + 2))
    await pool()`
      insert into notifications (user_id, run_id, dedupe_key, category, title, message, type)
      select ${ana.id}, 'missed', title, 'general', title, 'Olá', 'info' from unnest(${missed}::text[]) as title
    `
    const back = await listen(ana.headers, "", { "last-event-id": heard })
    await tell([ana.id], "depois")
    expect(await until(() => titles(back.of("notification")).includes("depois"), 5_000)).toBe(true)
    expect(titles(back.of("notification"))).toEqual([...missed, "depois"])
  })

  test("whoever leaves before there was anything to hear misses nothing either", async () => {
    await tell([ana.id], "antes")
    const first = await listen(ana.headers)
    expect(await first.hears("snapshot")).toBe(true)
    await first.leave()
    await tell([ana.id], "entretanto")
    const back = await listen(ana.headers, "", { "last-event-id": first.of("snapshot")[0]!.id! })
    expect(await back.hears("notification", 5_000)).toBe(true)
    await tell([ana.id], "depois")
    expect(await until(() => back.of("notification").length > 1, 5_000)).toBe(true)
    expect(titles(back.of("notification"))).toEqual(["entretanto", "depois"])
    expect(back.of("snapshot")).toEqual([{ event: "snapshot", data: { unread: 2 }, id: undefined }])
  })

  test("a stream of them is not to be had with HEAD, which would hold it though whoever asked has left", async () => {
    const signal = AbortSignal.timeout(5_000)
    const asked = { method: "HEAD", headers: ana.headers, signal }
    expect((await fetch(`${api.url}/api/notifications/events`, asked)).status).toBe(405)
  })

  test("so many windows of one person are told, and others are all the same", async () => {
    const windows = await Promise.all(Array.from({ length: 50 }, () => listen(ana.headers)))
    for (const window of windows) expect(await window.hears("snapshot")).toBe(true)
    expect((await call(ana.headers, "GET", "/events")).status).toBe(503)
    expect((await listen(bia.headers)).status).toBe(200)
    await windows[0]!.leave()
    const again = () => fetch(`${api.url}/api/notifications/events`, { headers: ana.headers })
    expect(
      await until(async () => {
        const { status, body } = await again()
        await body?.cancel()
        return status === 200
      }, 5_000),
    ).toBe(true)
  })

  test("a browser and a phone subscribe, and are forgotten", async () => {
    expect((await call(ana.headers, "GET", "/vapid")).said).toEqual({ publicKey: VAPID_PUBLIC_KEY } as never)
    const browser = subscription()
    const added = await call(ana.headers, "POST", "/devices", { subscription: browser })
    expect(added).toMatchObject({
      status: 201,
      said: { channel: "webpush", service: "https://push.example" },
    })
    expect(JSON.stringify(added.said)).not.toContain(browser.endpoint)
    const again = await call(ana.headers, "POST", "/devices", { subscription: browser })
    expect(again.said.id).toBe(added.said.id)
    const token = `ExponentPushToken[${crypto.randomUUID()}]`
    expect((await call(ana.headers, "POST", "/devices", { token })).status).toBe(201)

    const stolen = { ...browser, keys: subscription().keys }
    expect((await call(bia.headers, "POST", "/devices", { subscription: stolen })).status).toBe(409)
    expect((await call(bia.headers, "DELETE", `/devices/${added.said.id}`)).status).toBe(404)
    expect((await call(bia.headers, "DELETE", "/devices", { endpoint: token })).status).toBe(404)
    // At the same browser, somebody else has logged in.
    expect((await call(bia.headers, "POST", "/devices", { subscription: browser })).status).toBe(201)
    expect((await call(ana.headers, "GET", "/devices")).said.devices).toMatchObject([{ channel: "expo" }])

    expect((await call(ana.headers, "DELETE", "/devices", { endpoint: token })).status).toBe(200)
    expect((await call(bia.headers, "DELETE", `/devices/${added.said.id}`)).status).toBe(200)
    const [audited] = await pool()`
      select count(*)::int as count, bool_or(after::text like ${`%${browser.endpoint}%`}) as tells
      from audit_log where action like 'device.%' and phase = 'done' and actor in ${pool()([`user:${ana.id}`, `user:${bia.id}`])}
    `
    expect(audited).toMatchObject({ count: 9 })
    expect(audited!.tells).not.toBe(true)
  })

  test("devices are those that subscribed last, so many at most", async () => {
    for (let count = 0; count < 21; count++)
      await call(ana.headers, "POST", "/devices", { token: `ExponentPushToken[${count}-${runtime}]` })
    const { devices } = (await call(ana.headers, "GET", "/devices")).said as never as { devices: unknown[] }
    expect(devices).toHaveLength(20)
    const [first] = await pool()`
      select 1 from push_subscriptions where endpoint = ${`ExponentPushToken[0-${runtime}]`}
    `
    expect(first).toBeUndefined()
  })

  test.each([
    ["http://push.example/1"],
    ["https://127.0.0.1/1"],
    ["https://[::ffff:10.0.0.1]/1"],
    ["https://169.254.169.254/latest"],
    ["https://redis.internal/1"],
    ["https://user:password@push.example/1"],
    ["javascript:alert(1)"],
    [`https://push.example/${"x".repeat(2_000)}`],
  ])("a push service at %s is none", async (endpoint) => {
    const { status, said } = await call(ana.headers, "POST", "/devices", {
      subscription: subscription(endpoint),
    })
    expect([status, JSON.stringify(said)]).toEqual([400, expect.stringContaining("subscription")])
  })

  test("keys that are none are refused", async () => {
    const { keys, ...rest } = subscription()
    for (const wrong of [
      { p256dh: "B".repeat(87), auth: keys.auth },
      { p256dh: keys.p256dh.slice(0, 40), auth: keys.auth },
      { p256dh: keys.p256dh, auth: "short" },
    ])
      expect(
        (await call(ana.headers, "POST", "/devices", { subscription: { ...rest, keys: wrong } })).status,
      ).toBe(400)
  })

  test("preferences are as they are for everybody until somebody changes theirs", async () => {
    expect((await call(ana.headers, "GET", "/preferences")).said).toEqual(USUAL as never)
    const wanted = {
      ...{
        mail: false,
        categories: { "payment-reminder": { push: false }, leads: { inApp: false, mail: true } },
      },
      ...{ quietHours: { from: "22:00", until: "07:30" }, timeZone: "America/Manaus", locale: "en" },
    }
    const changed = await call(ana.headers, "PUT", "/preferences", wanted)
    expect(changed.said).toEqual({ ...USUAL, ...wanted } as never)
    expect((await call(ana.headers, "GET", "/preferences")).said).toEqual(changed.said)
    for (const wrong of [
      { quietHours: { from: "22:00", until: "22:00" } },
      { quietHours: { from: "24:00", until: "07:00" } },
      { timeZone: "+03:00" },
      { timeZone: "Mars/Olympus" },
      { categories: { "Not One": {} } },
      { push: "no" },
    ])
      expect((await call(ana.headers, "PUT", "/preferences", wrong)).status).toBe(400)
    expect((await call(ana.headers, "PUT", "/preferences", {})).said).toEqual(USUAL as never)
  })
})

test("where there is no web push, the key is null and a browser is told so", async () => {
  const api = await (await startService(runtimes.bun)).up()
  const email = "helena@araucaria.example"
  const user = await insertAdmin({ name: "Helena", email, agency: "Araucária", passwordHash })
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${api.url}/api/notifications${path}?userId=${user!.id}`, {
      ...init,
      headers: { authorization, "content-type": "application/json" },
    })
  expect(
    await (await fetch(`${api.url}/api/notifications/vapid`, { headers: { authorization } })).json(),
  ).toEqual({
    publicKey: null,
  })
  const refused = await ask("/devices", {
    method: "POST",
    body: JSON.stringify({ subscription: subscription() }),
  })
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("VAPID_PUBLIC_KEY")])
  await api.stop()
})
