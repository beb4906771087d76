import type { Aged } from "./retention/aged.ts"

/** People who have shown interest long ago, as they are told: two years after the last contact (LGPD, art. 15 and 16). */
export const oldLeads: Aged = {
  table: "leads",
  since: "created_at",
  target: "old-data",
  atLeast: { interval: "2 years", why: "kept for two years after the last contact" },
  keeps: [
    {
      why: "there was contact within two years",
      rows: (db) => db`
        greatest(kept.contacted_at, kept.visited_at, kept.proposed_at, kept.won_at, kept.lost_at) >= now() - interval '2 years'
      `,
    },
    {
      why: "a request of theirs is not answered yet",
      rows: (db) => db`
        exists (
          select
          from exports
          where subject_type = 'lead' and subject_id = kept.id and status in ('processing', 'completed')
        )
      `,
    },
  ],
}
