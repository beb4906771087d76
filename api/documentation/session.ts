import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { loginRequest, passwordRequest, toldUser } from "../login.ts"
import { BODY_REFUSALS, errors, json } from "./parts.ts"

const tags = ["session"]

const done = z.object({ success: z.literal(true), message: z.string() })

const notForKeys = { 401: "No session", 403: "Asked for by a page of another site, or with an API key" }

/** The reference's page on logging in. */
export const documentLogin = (): DocumentDecoration => ({
  tags,
  summary: "Log in; the answer has the browser keep a session",
  operationId: "log-in",
  requestBody: {
    required: true,
    content: json(loginRequest, "input", { email: "ana@example.com", password: "correct horse battery" }),
  },
  responses: {
    200: { description: "Who has logged in", content: json(z.object({ user: toldUser }), "output") },
    ...BODY_REFUSALS,
    ...errors({
      400: "Not what is asked for",
      401: "No such address, or another password",
      403: "Asked for by a page of another site",
      429: "Too many tries: ten of an account, thirty from an address in a quarter of an hour",
      503: "PostgreSQL or Redis does not answer, or too many are logging in",
    }),
  },
})

/** The reference's page on whose session it is. */
export const documentSession = (): DocumentDecoration => ({
  tags,
  summary: "Who has logged in",
  operationId: "show-session",
  responses: {
    200: { description: "The user", content: json(z.object({ user: toldUser }), "output") },
    ...errors(notForKeys),
  },
})

/** The reference's page on logging out. */
export const documentLogout = (): DocumentDecoration => ({
  tags,
  summary: "Log out; the session ends at once",
  operationId: "log-out",
  responses: { 200: { description: "It has ended", content: json(done, "output") }, ...errors(notForKeys) },
})

/** The reference's page on another password. */
export const documentPassword = (): DocumentDecoration => ({
  tags,
  summary: "Change the password; all other sessions of the user end at once",
  operationId: "change-password",
  requestBody: {
    required: true,
    content: json(passwordRequest, "input", {
      currentPassword: "correct horse battery",
      newPassword: "another horse, another battery",
    }),
  },
  responses: {
    200: {
      description: "It is changed, and this session goes on under another id",
      content: json(done, "output"),
    },
    ...errors({
      400: "Not what is asked for, or the current password is another",
      ...notForKeys,
      409: "Another change came first",
      429: "Too many tries",
    }),
  },
})
