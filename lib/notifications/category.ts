import { z } from "zod"

/** What a notification is about: `payment-reminder`. */
export const category = z
  .string()
  .max(50)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, { error: "small letters, such as payment-reminder" })
