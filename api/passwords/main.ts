import { parentPort } from "node:worker_threads"
import { hashPassword, verifyPassword } from "../../lib/password.ts"
import type { Answer, Asked } from "./thread.ts"

/** A thread of its own: answers what it is asked, one after the other. */
parentPort!.on("message", (asked: Asked) => {
  const tell = (answer: Answer) => parentPort!.postMessage(answer)
  find(asked).then(
    (found) => tell({ found }),
    (error: Error) => tell({ failed: error.message }),
  )
})

const find = (asked: Asked): Promise<string | boolean> =>
  asked.want === "hash" ? hashPassword(asked.password) : verifyPassword(asked.password, asked.hash)
