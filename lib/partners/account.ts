import { SealBroken } from "../sealed.ts"
import type { Partner } from "./define.ts"
import { openSecrets } from "./secrets.ts"

/** An integration as it is kept. */
interface Kept {
  agencyId: number
  provider: string
  settings: Record<string, unknown>
  secrets: string | null
}

/** What was set of it just now. */
interface Given {
  settings?: Record<string, unknown> | undefined
  secrets?: Record<string, string> | undefined
}

/** Whether what was set leads to another account of the partner's. What is kept and cannot be read any more led to none that would be known. */
export function isAnotherAccount(partner: Partner, kept: Kept, given: Given): boolean {
  if (!partner.account) return false
  const secrets = secretsOf(partner, kept)
  if (!secrets) return false
  const was = { settings: kept.settings, secrets }
  const is = { settings: given.settings ?? was.settings, secrets: given.secrets ?? secrets }
  return partner.account(is) !== partner.account(was)
}

function secretsOf(partner: Partner, kept: Kept) {
  try {
    return openSecrets(partner, kept)
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}
