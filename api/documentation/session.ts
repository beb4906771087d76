import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { like } from "../../lib/like.ts"
import { loginRequest, passwordRequest, toldUser } from "../login.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { BODY_REFUSALS, done } from "./parts.ts"

const tags = ["session"]

const user = like(toldUser, { id: 7, name: "Ana Beatriz Moreira", email: "ana@example.com", role: "admin" })

const notForKeys = {
  401: "No session",
  403: [
    "Asked for by a page of another site, or with an API key",
    "Forbidden: this is for who has logged in",
  ],
} as const

const TOO_MANY = "Too many tries to log in: wait, or use an API key"

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
    200: { description: "Who has logged in", content: json(z.object({ user }), "output") },
    ...BODY_REFUSALS,
    ...errors({
      400: "Not what is asked for",
      401: ["No such address, or another password", "Wrong address or password"],
      403: [
        "Asked for by a page of another site",
        "Forbidden: with a session this can be asked for by pages of this host alone",
      ],
      429: ["Too many tries: ten of an account, thirty from an address in a quarter of an hour", TOO_MANY],
      503: [
        "PostgreSQL or Redis does not answer, or too many are logging in",
        "Many are logging in: try again in a moment",
      ],
    }),
  },
})

/** The reference's page on whose session it is. */
export const documentSession = (): DocumentDecoration => ({
  tags,
  summary: "Who has logged in",
  operationId: "show-session",
  responses: {
    200: { description: "The user", content: json(z.object({ user }), "output") },
    ...errors(notForKeys),
  },
})

/** The reference's page on logging out. */
export const documentLogout = (): DocumentDecoration => ({
  tags,
  summary: "Log out; the session ends at once",
  operationId: "log-out",
  responses: {
    200: { description: "It has ended", content: json(done("You have logged out"), "output") },
    ...errors(notForKeys),
  },
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
      content: json(done("The password is changed, and all other sessions have ended"), "output"),
    },
    ...errors({
      400: "Not what is asked for, or the current password is another",
      ...notForKeys,
      409: ["Another change came first", "The password was changed elsewhere meanwhile"],
      429: ["Too many tries", TOO_MANY],
    }),
  },
})
