import { z } from "zod"
import { outcomes } from "../../db/sync/items.ts"
import { integrationSync } from "../../lib/jobs/integration-sync.ts"
import { historyQuery } from "../requests.ts"

const { agencyId, provider, action, entityType, entityId } = integrationSync.payload.shape

const settings = z.record(z.string().max(100), z.unknown()).describe("what its provider takes")
const secrets = z
  .record(z.string().max(100), z.string().max(4_000))
  .describe("what its provider takes; kept encrypted, and never told again")

/** What is said of a new integration. */
export const newIntegration = z.strictObject({
  agencyId: agencyId.unwrap().describe("whose it is"),
  provider: provider.unwrap().describe("with whom"),
  settings: settings.default({}),
  secrets: secrets.default({}),
  enabled: z.boolean().default(true),
})

/** What may be changed of one: what is given takes the place of all there was. */
export const integrationChange = z
  .strictObject({
    settings: settings.optional(),
    secrets: secrets.optional(),
    anew: z
      .boolean()
      .optional()
      .describe(
        "whether it is with another account there from now on, so that nothing is known of either side; when not set, that is so if the partner's URL is another",
      ),
  })
  .refine(({ settings, secrets, anew }) => settings ?? secrets ?? anew, {
    error: "settings, secrets, or both; or anew",
  })

/** What may be exchanged at once. */
export const exchangeRequest = z
  .strictObject({ action, entityType, entityId })
  .refine(({ entityType, entityId }) => entityId === undefined || entityType !== undefined, {
    path: ["entityType"],
    error: "what `entityId` is the id of",
  })

/** Which integrations. */
export const integrationsQuery = z.strictObject({
  agencyId: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("of this agency"),
  limit: historyQuery.shape.limit,
  after: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("the `next` of the page before"),
})

/** Which page of what became of items. */
export const itemsQuery = z.strictObject({
  outcome: z.enum(outcomes).optional().describe("those alone that this became of"),
  runId: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\0]*$/)
    .optional()
    .describe("of this run alone"),
  limit: historyQuery.shape.limit,
  before: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("the `next` of the page before"),
})
