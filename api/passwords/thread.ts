import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { sparingly } from "./sparingly.ts"

/** What the thread is asked. */
export type Asked =
  | { want: "hash"; password: string }
  | { want: "check"; password: string; hash: string | undefined }

/** What it answers. */
export type Answer = { found: string | boolean } | { failed: string }

/** The hash of a password. Throws 503 when too many wait for theirs. */
export const hashAside = (password: string) => ask({ want: "hash", password }) as Promise<string>

/** Whether a password is the one of a hash; of none it is not, which takes as long. Throws 503 when too many wait. */
export const checkAside = (password: string, hash: string | undefined) =>
  ask({ want: "check", password, hash }) as Promise<boolean>

let thread: Worker | undefined

/** One at a time: the next message is the answer. */
const ask = (asked: Asked) =>
  sparingly(async () => {
    thread ??= new Worker(new URL("./main.ts", import.meta.url))
    const asks = thread
    asks.ref()
    try {
      const answered = once(asks, "message") as Promise<[Answer]>
      asks.postMessage(asked)
      const [answer] = await answered
      if ("failed" in answer) throw new Error(`A password cannot be hashed: ${answer.failed}`)
      return answer.found
    } catch (error) {
      thread = undefined
      await asks.terminate()
      throw error
    } finally {
      // It keeps no process alive.
      asks.unref()
    }
  })
