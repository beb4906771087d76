import { onLoopback } from "../loopback.ts"
import type { Failing } from "../orders.ts"
import { createControls } from "./controls.ts"
import { createEmails } from "./emails.ts"
import { errorResponse } from "./errors.ts"
import { createFailures, type Failure } from "./failures.ts"
import { byMethod, createGuard } from "./guard.ts"
import { createInbox } from "./inbox.ts"
import { createStore, type Message } from "./store.ts"
import { createWebhooks, type WebhookOptions, type Webhooks } from "./webhooks.ts"

interface ResendOptions {
  port?: number
  key?: string
  /** Where accepted mails are kept; without it they are gone after `stop`. */
  dataDir?: string
  requestsPerSecond?: number
  now?: () => number
  /** Where it tells what becomes of mails; nowhere when left out. */
  webhook?: WebhookOptions
  /** Forget what mails say, and keep that they were sent: for very many. */
  lean?: boolean
}

/** A simulator of Resend under way. */
export interface ResendSimulator extends AsyncDisposable {
  url: string
  key: string
  /** Every accepted mail, oldest first. */
  messages: readonly Message[]
  fail(failure: Failure): Failing
  /** What it tells of mails, and has told. */
  webhooks: Webhooks
  /** Forget the failures asked for that have not come yet. */
  forgive(): void
  stop(): Promise<void>
}

/** Starts a simulator of Resend: its API, an inbox to read at `/`, and `/sandbox` for tests in other processes. */
export function startResend(options: ResendOptions = {}): ResendSimulator {
  const { port = 0, key = "re_sandbox", dataDir, requestsPerSecond, now = Date.now, lean = false } = options
  const store = createStore({ dataDir, lean })
  const webhooks = createWebhooks(options.webhook, now)
  const failures = createFailures()
  const emails = createEmails(store, failures, now, webhooks.accepted)
  const inbox = createInbox(store)
  const controls = createControls(store, failures, webhooks)
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
      "/sandbox/events": byMethod({ POST: controls.tell }),
      "/sandbox/failures": byMethod({ GET: controls.list, POST: controls.add, DELETE: controls.clear }),
    },
    fetch: () => errorResponse({ name: "not_found" }),
  })

  const stop = async () => {
    webhooks.stop()
    await server.stop(true)
  }
  return {
    url: server.url.origin,
    key,
    messages: store.messages,
    webhooks,
    fail: failures.add,
    forgive: failures.clear,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
