import { defineEnv, needed } from "../env.ts"
import { mayBePrivate } from "../outward/env.ts"
import { webhookSecret } from "./secret.ts"

const callbackEnv = defineEnv({
  CALLBACK_SECRET: webhookSecret
    .optional()
    .describe(
      "callbacks: what they are signed with and receivers check them by, `whsec_` and 24 to 64 bytes as base64; without it a `callbackUrl` is refused",
    ),
})

/** What callbacks are signed with. Throws the sentence to show when there is nothing. */
export const callbackSecret = () => needed("CALLBACK_SECRET", callbackEnv().CALLBACK_SECRET)

/** Whether there is something to sign callbacks with. */
export const canSign = () => callbackEnv().CALLBACK_SECRET !== undefined

/** For the check at boot: what is set has to be right. */
export function checkCallbacks() {
  callbackEnv()
  mayBePrivate()
}
