import { onLoopback } from "../loopback.ts"
import type { Failing } from "../orders.ts"
import { createAnswers } from "./answers.ts"
import { createControls } from "./controls.ts"
import { createFailures, type Failure } from "./failures.ts"
import { showRequests } from "./page.ts"
import { type Asked, createRequests } from "./requests.ts"
import { createWall } from "./wall.ts"

interface NotaParanaOptions {
  port?: number
  /** Requests of a day that a client has before it is answered with fabrications; none when not set. */
  wall?: number
  /** Milliseconds every answer takes. */
  latency?: number
  now?: () => number
}

/** A simulator of Nota Paraná's "Menor Preço" under way. */
export interface NotaParanaSimulator extends AsyncDisposable {
  /** Where people look. */
  url: string
  /** What NOTA_PARANA_URL takes. */
  api: string
  /** Every request so far, oldest first; a test may empty it. */
  requests: Asked[]
  fail(failure: Failure): Failing
  /** Forget the failures asked for that have not come yet. */
  forgive(): void
  /** Answer a client with fabrications after so many requests of a day; null for never. */
  wall(after: number | null): void
  stop(): Promise<void>
}

/**
 * Starts a simulator of the JSON back end of Menor Preço, whose shops sell the demo's products: the API below `/api/v1`, what
 * was asked at `/`, and `/sandbox` for tests in other processes.
 */
export function startNotaParana(options: NotaParanaOptions = {}): NotaParanaSimulator {
  const { port = 0, wall: after = null, latency = 0, now = Date.now } = options
  const failures = createFailures()
  const requests = createRequests(latency, now)
  const wall = createWall(after, now)
  const { products, categories } = createAnswers(failures, wall, now)
  const controls = createControls(requests, failures, wall)

  const server = Bun.serve({
    ...onLoopback,
    port,
    routes: {
      "/": { GET: ({ url }) => showRequests(requests, wall, new URL(url).origin) },
      "/api/v1/produtos": { GET: requests.noted(products) },
      "/api/v1/categorias": { GET: requests.noted(categories) },
      "/sandbox/requests": controls.requests,
      "/sandbox/failures": controls.failures,
      "/sandbox/wall": controls.wall,
    },
    fetch: () => new Response("Not Found", { status: 404 }),
  })

  const stop = () => server.stop(true)
  return {
    url: server.url.origin,
    api: `${server.url.origin}/api/v1`,
    requests: requests.list,
    fail: failures.add,
    forgive: failures.clear,
    wall: wall.move,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
