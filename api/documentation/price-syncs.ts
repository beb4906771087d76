import type { DocumentDecoration } from "elysia"
import { z } from "zod"
import { priceSync } from "../../lib/jobs/price-sync.ts"
import { toldStatus, toldSync } from "../price-syncs.ts"
import { cancelRequest, historyQuery } from "../requests.ts"
import { errors, IS_KEPT, inPath, inQuery, json } from "./parts.ts"

const tags = [priceSync.name]

const started = z.object({
  message: z.literal("Sincronização iniciada."),
  jobId: z.uuid(),
  status: z.enum(["enqueued", "accepted"]),
})

const cancelled = z.object({
  success: z.literal(true),
  message: z.string(),
  status: z.enum(["cancelled", "cancelling"]),
  jobId: z.string(),
})

/** The reference's page on starting a price sync. */
export const documentSyncStart = (): DocumentDecoration => ({
  tags,
  summary: "Start a price sync",
  operationId: "start-price-sync",
  requestBody: { required: false, content: json(priceSync.payload, "input", priceSync.example) },
  responses: {
    200: { description: "It is queued", content: json(started, "output") },
    202: { description: IS_KEPT, content: json(started, "output") },
    ...errors({
      400: "The body is not what a price sync takes",
      503: "Neither Redis nor PostgreSQL confirmed the run",
    }),
  },
})

/** The reference's page on how far a price sync is. */
export const documentSyncStatus = (): DocumentDecoration => ({
  tags,
  summary: "How far a price sync is, and what came of it",
  operationId: "price-sync-status",
  parameters: [inPath("jobId")],
  responses: {
    200: { description: "The run; `status` is its own", content: json(toldStatus, "output") },
    ...errors({ 404: "No such sync", 503: "Redis or PostgreSQL does not answer" }),
  },
})

/** The reference's page on cancelling a price sync. */
export const documentSyncCancel = (): DocumentDecoration => ({
  tags,
  summary: "Cancel a price sync; what it has stored stays",
  operationId: "cancel-sync-precos",
  parameters: [inPath("jobId")],
  requestBody: { required: false, content: json(cancelRequest, "input", { reason: "Asked for by mistake" }) },
  responses: {
    200: { description: "It is cancelled", content: json(cancelled, "output") },
    202: { description: "Its worker has been told", content: json(cancelled, "output") },
    ...errors({
      400: "It has ended already, or the body is not what is asked for",
      404: "No such sync",
      503: "Redis or PostgreSQL does not answer",
    }),
  },
})

/** The reference's page on past price syncs. */
export const documentSyncHistory = (): DocumentDecoration => ({
  tags,
  summary: "Price syncs that have begun, the latest first",
  operationId: "price-sync-history",
  parameters: inQuery(historyQuery),
  responses: {
    200: {
      description: "A page of them; `next` is null on the last",
      content: json(z.object({ history: z.array(toldSync), next: z.int().nullable() }), "output"),
    },
    ...errors({ 400: "No such page", 503: "PostgreSQL does not answer" }),
  },
})

/** The reference's page on the latest price sync. */
export const documentSyncLatest = (): DocumentDecoration => ({
  tags,
  summary: "The price sync that has begun last",
  operationId: "latest-price-sync",
  responses: {
    200: { description: "The sync", content: json(toldSync, "output") },
    ...errors({ 404: "There has been none", 503: "PostgreSQL does not answer" }),
  },
})
