import { onLoopback } from "../loopback.ts"
import { createControls } from "./controls.ts"
import { createEmails } from "./emails.ts"
import { errorResponse } from "./errors.ts"
import { createFailures, type Failing, type Failure } from "./failures.ts"
import { byMethod, createGuard } from "./guard.ts"
import { createInbox } from "./inbox.ts"
import { createStore, type Message } from "./store.ts"

interface ResendOptions {
  port?: number
  key?: string
  /** Where accepted mails are kept; without it they are gone after `stop`. */
  dataDir?: string
  requestsPerSecond?: number
  now?: () => number
}

/** A simulator of Resend under way. */
export interface ResendSimulator extends AsyncDisposable {
  url: string
  key: string
  /** Every accepted mail, oldest first. */
  messages: readonly Message[]
  fail(failure: Failure): Failing
  /** Forget the failures asked for that have not come yet. */
  forgive(): void
  stop(): Promise<void>
}

/** Starts a simulator of Resend: its API, an inbox to read at `/`, and `/sandbox` for tests in other processes. */
export function startResend(options: ResendOptions = {}): ResendSimulator {
  const { port = 0, key = "re_sandbox", dataDir, requestsPerSecond, now = Date.now } = options
  const store = createStore(dataDir)
  const failures = createFailures()
  const emails = createEmails(store, failures, now)
  const inbox = createInbox(store)
  const controls = createControls(store, failures)
  const guarded = createGuard(key, now, requestsPerSecond)

  const server = Bun.serve({
    ...onLoopback,
    port,
    routes: {
      "/": byMethod({ GET: inbox.list }),
      "/inbox/:id": byMethod({ GET: inbox.show }),
      "/emails": byMethod({ GET: guarded(emails.list), POST: guarded(emails.send) }),
      "/emails/batch": byMethod({ POST: guarded(emails.sendBatch) }),
      "/emails/:id": byMethod({ GET: guarded(emails.retrieve) }),
      "/sandbox/messages": byMethod({ GET: controls.messages }),
      "/sandbox/failures": byMethod({ GET: controls.list, POST: controls.add, DELETE: controls.clear }),
    },
    fetch: () => errorResponse({ name: "not_found" }),
  })

  const stop = () => server.stop(true)
  return {
    url: server.url.origin,
    key,
    messages: store.messages,
    fail: failures.add,
    forgive: failures.clear,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
