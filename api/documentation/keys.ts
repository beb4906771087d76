import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { MOST_KEYS } from "../../db/api-keys.ts"
import { like } from "../../lib/like.ts"
import { keyRequest, toldKey } from "../keys.ts"
import { errors } from "./errors.ts"
import { json } from "./json.ts"
import { done, inPath } from "./parts.ts"

const tags = ["keys"]

const shown = {
  ...{ id: 12, name: "shop", scopes: ["enqueue", "read"], queues: ["email"], createdBy: "user:7" },
  ...{ createdAt: "2026-02-10T12:00:00.000Z", expiresAt: null, lastUsedAt: "2026-02-10T12:30:00.000Z" },
  ...{ revokedAt: null, revokedBy: null },
} satisfies z.output<typeof toldKey>

const made = like(toldKey.extend({ key: z.string() }), {
  ...shown,
  lastUsedAt: null,
  key: "est_5f3Zt0Wq8mVb2Yk7Rc4Jx9Nd1Hs6Lg0PaEuTiOyQwBr",
})

/** The reference's page on the keys there are. */
export const documentKeys = (): DocumentDecoration => ({
  tags,
  summary: "The API keys that are valid, and the latest of those that were",
  operationId: "list-keys",
  responses: {
    200: {
      description: "The latest first",
      content: json(z.object({ keys: z.array(like(toldKey, shown)) }), "output"),
    },
    ...errors({ 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on a new key. */
export const documentNewKey = (): DocumentDecoration => ({
  tags,
  summary: "Make an API key",
  operationId: "create-key",
  requestBody: {
    required: true,
    content: json(keyRequest, "input", { name: "shop", scopes: ["enqueue", "read"], queues: ["email"] }),
  },
  responses: {
    201: {
      description: "The key, which is shown this once",
      content: json(made, "output"),
    },
    ...errors({
      400: "Not what a key can be",
      409: [
        "There are too many keys",
        `There are ${MOST_KEYS} valid keys already: end some that nobody uses`,
      ],
      503: "PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on the end of a key. */
export const documentKeyEnd = (): DocumentDecoration => ({
  tags,
  summary: "End an API key; every process refuses it within five seconds",
  operationId: "revoke-key",
  parameters: [inPath("id")],
  responses: {
    200: {
      description: "It has ended",
      content: json(done("The key 12 (shop) has ended"), "output"),
    },
    ...errors({
      404: ["No such key", "No key 12, or it has ended already"],
      503: "PostgreSQL does not answer",
    }),
  },
})
