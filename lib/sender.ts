import { appEnv } from "./app-url.ts"
import { defineEnv } from "./env.ts"
import { mailbox } from "./mailbox.ts"

const senderEnv = defineEnv({
  FROM_EMAIL: mailbox.describe(
    "mail: the sender, `Name <address>`; the name stands at the top of every mail",
  ),
})

/** Who mail comes from: the sender line, the name in it, and the application its links lead to. */
export function sender() {
  const { FROM_EMAIL } = senderEnv()
  const name = /^(.+?)\s*</.exec(FROM_EMAIL)?.[1]?.replace(/^"(.*)"$/, "$1")
  return { from: FROM_EMAIL, brand: name ?? FROM_EMAIL.split("@")[1]!, appUrl: appEnv().APP_URL }
}
