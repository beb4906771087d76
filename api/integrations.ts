import { z } from "zod"
import type { Integration } from "../db/integrations.ts"
import { type KeptItem, outcomes } from "../db/sync/items.ts"
import { entity } from "../lib/partners/entities.ts"
import { partnerNames } from "../lib/partners/index.ts"
import type { WithRun } from "./integration-changes.ts"

const id = z.int()
const time = z.iso.datetime()

/** An integration as it is told: of its secrets no more than which there are. */
export const toldIntegration = z.object({
  id,
  agencyId: id,
  provider: z.enum(partnerNames),
  enabled: z.boolean(),
  status: z.enum(["ok", "error", "disabled"]).describe("in error it is left alone until it is enabled again"),
  reason: z.string().nullable().describe("why it is in error"),
  settings: z.record(z.string(), z.unknown()),
  secretNames: z.array(z.string()).describe("the secrets that are set"),
  lastSyncedAt: time.nullable(),
  begunAt: time.describe("since when it is with the account there that it is with"),
  createdAt: time,
  updatedAt: time,
})

/** One that was just made or changed. */
export const toldChange = toldIntegration.extend({
  jobId: z.uuid().nullable().describe("the run that exchanges with it now; null when there is none"),
})

export const tellChange = ({ jobId, ...integration }: WithRun): z.output<typeof toldChange> => ({
  ...tellIntegration(integration),
  jobId,
})

export const tellIntegration = ({
  secrets: _kept,
  lastSyncedAt,
  begunAt,
  createdAt,
  updatedAt,
  ...integration
}: Integration): z.output<typeof toldIntegration> => ({
  ...integration,
  lastSyncedAt: lastSyncedAt?.toISOString() ?? null,
  begunAt: begunAt.toISOString(),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** What became of an item, as it is told. */
export const toldItem = z.object({
  id,
  runId: z.string().nullable().describe("null of what has come by itself"),
  direction: z.enum(["pull", "push"]),
  entity,
  item: z.string().describe("pulled, its id there; pushed, its id here"),
  localId: id.nullable(),
  outcome: z.enum(outcomes),
  reasons: z.array(z.string()),
  createdAt: time,
})

export const tellItem = ({ createdAt, ...item }: KeptItem): z.output<typeof toldItem> => ({
  ...item,
  createdAt: createdAt.toISOString(),
})

/** A feed as it is told, with the listings that are not in it. */
export const toldFeed = z.object({
  publishedAt: time.nullable().describe("null until there is one"),
  changedAt: time.nullable().describe("since when it says what it says"),
  listings: id,
  blocked: id,
  items: z.array(toldItem),
  next: id.nullable(),
})
