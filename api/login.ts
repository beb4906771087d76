import { z } from "zod"
import { newPassword } from "../lib/password.ts"

const password = z.string().min(1).max(1_000)

/** What is sent to log in. */
export const loginRequest = z.strictObject({
  email: z.string().trim().toLowerCase().min(3).max(320),
  password,
})

/** What is sent to change a password. */
export const passwordRequest = z.strictObject({
  currentPassword: password,
  newPassword: newPassword.describe("at least 12 characters; it ends all other sessions"),
})

/** Somebody who has logged in, as they are told. */
export const toldUser = z.object({ id: z.int(), name: z.string(), email: z.string(), role: z.string() })
