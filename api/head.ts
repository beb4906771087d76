import { HttpError } from "./errors.ts"

/** Elysia would read an answer to its end to tell its length, and hear nothing of whoever asked leaving. Throws 405 with why. */
export function refuseHead({ method }: Request, why: string) {
  if (method === "HEAD") throw new HttpError(405, `Ask with GET: ${why}`, { allow: "GET" })
}
