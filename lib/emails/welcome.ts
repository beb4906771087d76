import { z } from "zod"
import { withExample } from "./example.ts"
import { link, userName } from "./fields.ts"

/** What the `welcome` mail says. Without a `loginUrl` it links to the application itself. */
export const welcomeProps = withExample(z.object({ userName, loginUrl: link.optional() }), {
  userName: "Ana Beatriz",
  loginUrl: "https://app.example.com/login",
})
