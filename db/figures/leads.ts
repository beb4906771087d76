import type { Db } from "../pool.ts"
import type { Scope } from "./scope.ts"

/** How far the leads of a source have come: each stage counts those that have reached it, or a later one. */
export interface LeadsOfSource {
  source: string
  leads: number
  contacted: number
  visited: number
  proposed: number
  won: number
  lost: number
}

/** The leads that came in the period, by source, the most first; their stages are those at its end. */
export async function leadFunnel(
  { agencyId, start, end, asOf, zone }: Scope,
  db: Db,
): Promise<LeadsOfSource[]> {
  return await db<LeadsOfSource[]>`
    select source, count(*) as leads,
      count(*) filter (where least(contacted_at, visited_at, proposed_at, won_at) < until) as contacted,
      count(*) filter (where least(visited_at, proposed_at, won_at) < until) as visited,
      count(*) filter (where least(proposed_at, won_at) < until) as proposed,
      count(*) filter (where won_at < until) as won,
      count(*) filter (where lost_at < until) as lost
    from leads
    cross join lateral (select (${asOf}::date + 1)::timestamp at time zone ${zone} as until) as ending
    where agency_id = ${agencyId}
      and created_at >= ${start}::timestamp at time zone ${zone}
      and created_at < (${end}::date + 1)::timestamp at time zone ${zone}
    group by source
    order by leads desc, source
  `
}
