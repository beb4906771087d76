import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { keyRequest, toldKey } from "../keys.ts"
import { errors, inPath, json } from "./parts.ts"

const tags = ["keys"]

/** The reference's page on the keys there are. */
export const documentKeys = (): DocumentDecoration => ({
  tags,
  summary: "The API keys that are valid, and the latest of those that were",
  operationId: "list-keys",
  responses: {
    200: { description: "The latest first", content: json(z.object({ keys: z.array(toldKey) }), "output") },
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
      content: json(toldKey.extend({ key: z.string() }), "output"),
    },
    ...errors({
      400: "Not what a key can be",
      409: "There are too many keys",
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
      content: json(z.object({ success: z.literal(true), message: z.string() }), "output"),
    },
    ...errors({ 404: "No such key", 503: "PostgreSQL does not answer" }),
  },
})
