import { defineEnv, flag } from "../env.ts"

const outwardEnv = defineEnv({
  ALLOW_PRIVATE_ADDRESSES: flag
    .default(false)
    .describe(
      "callbacks, webhooks, push: let URLs that callers gave lead to private addresses, and by http: for development",
    ),
})

/** Whether a caller's URL may lead where only this network leads. */
export const mayBePrivate = () => outwardEnv().ALLOW_PRIVATE_ADDRESSES
