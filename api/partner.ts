import type { Integration } from "../db/integrations.ts"
import { createLog } from "../lib/log.ts"
import type { Partner } from "../lib/partners/define.ts"
import { partnerNamed } from "../lib/partners/index.ts"
import { openSecrets } from "../lib/partners/secrets.ts"
import { SealBroken } from "../lib/sealed.ts"
import { HttpError } from "./errors.ts"

const log = createLog("API")

/**
 * The integration that a partner asks after, once it has shown to be that partner: `isFrom` tells, by the secrets. Throws 401
 * otherwise, and when there is no such integration, so that nobody learns which there are; 403 when it is disabled.
 */
export async function admitPartner(
  integration: Integration | undefined,
  isFrom: (partner: Partner, secrets: Record<string, string>) => boolean | Promise<boolean>,
): Promise<{ integration: Integration; partner: Partner }> {
  const partner = integration && partnerNamed(integration.provider)
  if (!partner || !(await isFrom(partner, secretsOf(partner, integration))))
    throw new HttpError(401, "Unauthorized")
  if (!integration.enabled) throw new HttpError(403, "Forbidden: this integration is disabled")
  return { integration, partner }
}

function secretsOf(partner: Partner, integration: Integration) {
  try {
    return openSecrets(partner, integration)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    log.error(`The secrets of integration ${integration.id} cannot be used`, { reason: error.message })
    throw new HttpError(503, "This integration cannot be used now: try again later", { "retry-after": "600" })
  }
}
