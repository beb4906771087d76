import { SealBroken, seal, unseal } from "../sealed.ts"
import type { Partner } from "./define.ts"

/** Whose secrets they are: sealed, they cannot be opened for anybody else. */
interface Owner {
  agencyId: number
  provider: string
}

const placeOf = ({ agencyId, provider }: Owner) => `integration\n${agencyId}\n${provider}`

/** What is kept of the secrets of an integration. Throws the sentence to show when there is no key. */
export const sealSecrets = (owner: Owner, secrets: Record<string, string>): string =>
  seal(JSON.stringify(secrets), placeOf(owner))

/** The same secrets, sealed with the key that seals now. Throws SealBroken. */
export const resealed = (owner: Owner, sealed: string): string =>
  seal(unseal(sealed, placeOf(owner)), placeOf(owner))

/** The secrets of an integration. Throws SealBroken when they cannot be had, and the sentence to show when there is no key. */
export function openSecrets(
  partner: Partner,
  { secrets: sealed, ...owner }: Owner & { secrets: string | null },
): Record<string, string> {
  const opened = partner.secrets.safeParse(sealed === null ? {} : JSON.parse(unseal(sealed, placeOf(owner))))
  if (opened.success) return opened.data
  throw new SealBroken("they are not all there, or no longer right: set them anew")
}
