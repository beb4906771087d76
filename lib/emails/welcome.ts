import { z } from "zod"

/** What the `welcome` mail says. Without a `loginUrl` it links to the application itself. */
export const welcomeProps = z.object({
  userName: z.string().trim().min(1).max(200),
  loginUrl: z.url({ protocol: /^https?$/ }).optional(),
})
