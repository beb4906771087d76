import type { Integration } from "../../db/integrations.ts"
import type { Scope } from "../../db/sync/refs.ts"
import type { Line, Partner } from "../../lib/partners/define.ts"
import type { Entity } from "../../lib/partners/entities.ts"
import type { Run } from "../run.ts"
import type { Held } from "./lease.ts"

/** An exchange under way. */
export interface Sync extends Held {
  partner: Partner
  integration: Integration
  line: Line
  run: Run
  /** The one thing that it is about, by its id here; null for all there is. */
  only: number | null
}

/** Whose something is that is exchanged. */
export const scopeOf = ({ integration: { agencyId, provider } }: Sync, entity: Entity): Scope => ({
  agencyId,
  provider,
  entity,
})
