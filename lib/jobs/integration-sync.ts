import { z } from "zod"
import { like } from "../like.ts"
import { entity } from "../partners/entities.ts"
import { partnerNames } from "../partners/index.ts"
import { defineJob } from "./define.ts"

const id = z.int().positive()
const count = z.int().nonnegative()

/** What may be done: what changed there is fetched, what changed here is told, or one after the other. */
const syncActions = ["sync", "push", "pull"] as const

const outcomes = z
  .object({ created: count, updated: count, deleted: count, kept: count, blocked: count, failed: count })
  .describe("items by what became of them; what had not changed is not counted")

export const integrationSync = defineJob({
  name: "integration-sync",
  summary: "Exchange properties, leads and contracts with portals, webhooks and CRMs",
  payload: z
    .strictObject({
      agencyId: id.optional().describe("whose integration; each agency's when not set"),
      provider: z
        .enum(partnerNames, { error: `one of ${partnerNames.join(", ")}` })
        .optional()
        .describe("with whom; with each that is enabled when not set"),
      action: z.enum(syncActions, { error: `one of ${syncActions.join(", ")}` }).default("sync"),
      entityType: entity.optional().describe("of these alone"),
      entityId: id.optional().describe("of this alone: its id here"),
    })
    .refine(({ entityType, entityId }) => entityId === undefined || entityType !== undefined, {
      path: ["entityType"],
      error: "what `entityId` is the id of",
    })
    .refine(({ entityId, agencyId, provider }) => entityId === undefined || (agencyId && provider), {
      path: ["entityId"],
      error: "of an agency and a provider: set both",
    }),
  result: like(
    z.object({
      integrationId: id.nullable().describe("null of a run that has asked for a run of each integration"),
      status: z.enum(["done", "skipped"]),
      reason: z.string().nullable().describe("why it was skipped"),
      pulled: outcomes,
      pushed: outcomes,
      runs: z.array(z.string()).describe("the runs it has asked for, one for each integration"),
    }),
    {
      integrationId: 1,
      status: "done",
      reason: null,
      pulled: { created: 0, updated: 0, deleted: 0, kept: 0, blocked: 0, failed: 0 },
      pushed: { created: 3, updated: 11, deleted: 1, kept: 0, blocked: 2, failed: 0 },
      runs: [],
    },
  ),
  example: { agencyId: 1, provider: "real-estate-portal", action: "sync" },
  concurrency: 2,
  schedules: [
    { name: "integration-sync", cron: "0 */6 * * *", payload: () => ({ action: "sync" as const }) },
  ],
})
