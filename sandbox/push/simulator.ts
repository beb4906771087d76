import { z } from "zod"
import { onLoopback } from "../loopback.ts"
import type { Failing } from "../orders.ts"
import { type Browser, createBrowsers, type WebPush } from "./browsers.ts"
import { createExpo, type ExpoPush } from "./expo.ts"
import { createFailures, type Failure, failureSchema } from "./failures.ts"
import { pushesPage } from "./page.ts"

interface PushOptions {
  port?: number
  /** What Expo has to be asked with. */
  accessToken?: string
  now?: () => number
}

/** A simulator of push services under way. */
export interface PushSimulator extends AsyncDisposable {
  url: string
  /** Every push taken, oldest first. */
  web: readonly WebPush[]
  expo: readonly ExpoPush[]
  /** Have a browser subscribe with a VAPID key. */
  subscribe(key?: string | null, id?: string): Browser
  /** Have a browser want no more. */
  leave(id: string): void
  /** Have a device of Expo be one no more. */
  unregister(token: string): void
  /** Have Apple or Google say this of the next push to a device. */
  doom(token: string, fate: string): void
  /** Say which project's a device is. */
  ofProject(token: string, project: string): void
  fail(failure: Failure): Failing
  /** Forget the failures asked for that have not come yet. */
  forgive(): void
  stop(): Promise<void>
}

/** Starts a simulator of a browsers' push service and of Expo's: a page to look at is at `/`, and `/sandbox` for tests in other processes. */
export function startPush({ port = 0, accessToken, now }: PushOptions = {}): PushSimulator {
  const failures = createFailures()
  const browsers = createBrowsers(() => server.url.origin)
  const expo = createExpo({ accessToken, ...(now && { now }) })

  const server = Bun.serve({
    ...onLoopback,
    port,
    routes: {
      "/": {
        GET: () => pushesPage([...browsers.pushes.map(shownOfBrowser), ...expo.pushes.map(shownOfExpo)]),
      },
      "/push/:device": {
        POST: (request) => {
          const { device } = request.params
          return failures.play("web", device, () => browsers.take(request, device))
        },
      },
      "/--/api/v2/push/send": {
        POST: (request) => failures.play("send", undefined, () => expo.send(request)),
      },
      "/--/api/v2/push/getReceipts": {
        POST: (request) => failures.play("getReceipts", undefined, () => expo.getReceipts(request)),
      },
      "/sandbox/pushes": { GET: () => Response.json({ web: browsers.pushes, expo: expo.pushes }) },
      "/sandbox/failures": {
        POST: async (request) => {
          const asked = failureSchema.safeParse(await request.json())
          if (!asked.success) return Response.json({ error: z.prettifyError(asked.error) }, { status: 422 })
          failures.add(asked.data)
          return new Response(null, { status: 204 })
        },
      },
    },
    fetch: () => Response.json({ error: "no such route" }, { status: 404 }),
  })

  const stop = () => server.stop(true)
  return {
    url: server.url.origin,
    web: browsers.pushes,
    expo: expo.pushes,
    subscribe: browsers.subscribe,
    leave: browsers.leave,
    unregister: expo.unregister,
    doom: expo.doom,
    ofProject: expo.ofProject,
    fail: failures.add,
    forgive: failures.clear,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

const shownOfBrowser = ({ content, device, at }: WebPush) => ({
  title: String(content?.title ?? "cannot be read"),
  message: String(content?.message ?? ""),
  device: `Web Push to ${device}`,
  at,
})

const shownOfExpo = ({ title = "", body = "", to, at }: ExpoPush) => ({
  title,
  message: body,
  device: `Expo to ${to}`,
  at,
})
