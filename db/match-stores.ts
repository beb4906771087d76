import { fromGeohash, isGeohash } from "../lib/geohash.ts"
import type { Store } from "../lib/offer.ts"
import { asJson } from "./json.ts"
import { openStores, settle } from "./market-stores.ts"
import type { Db } from "./pool.ts"
import { asText } from "./records.ts"

/** How well a store has to match a market, of 1, and by how much better than any other. Tested on sandbox/markets. */
const ENOUGH = 0.75
const AHEAD = 0.25

/** Metres within which a store and a market may be the same, and within which they are at the same place for all we know. */
const FAR = 1_000
const NEAR = 250

/** Of each unmatched store, so many markets are kept that come nearest to it, if they come near at all. */
const CANDIDATES = 3
const WORTH_A_LOOK = 0.3

/**
 * Find the markets of stores that have none yet. A match is as good as the weaker of its name and its address, in the same
 * town and trade, and not far apart. A store that matches no market well enough, or two about equally, is kept among the
 * unmatched, with the markets it comes nearest to. The prices that a store had before follow it.
 */
export async function matchStores(stores: Store[], db: Db) {
  const byCode = new Map(stores.map((store) => [asText(store.code), store]))
  const open = await openStores([...byCode.keys()], db)
  if (!open.length) return
  const located = open.map((code) => ({ code, store: byCode.get(code)!, ...placeOf(byCode.get(code)!) }))
  await db`
    with seen as materialized (
      select code, store, latitude, longitude,
        (store->>'uf') || ' ' || plain_words(store->>'city') as city_key,
        trade_of((store->>'name') || ' ' || (store->>'legalName')) as trade,
        name_key(coalesce(nullif(store->>'name', ''), store->>'legalName')) as name_key,
        name_key(store->>'legalName') as legal_name_key,
        street_key(store->>'street') as street_key,
        number_key(store->>'number') as number_key
      from jsonb_to_recordset(${asJson(located)}::text::jsonb)
        as each (code text, store jsonb, latitude float8, longitude float8)
      where not exists (select from market_stores as known where known.store_code = code)
    ),
    tried as materialized (
      select code, store, candidates, case
        when (candidates->0->>'score')::numeric >= ${ENOUGH}
          and (candidates->0->>'score')::numeric - coalesce((candidates->1->>'score')::numeric, 0) >= ${AHEAD}
        then candidates->0
      end as found
      from seen as given
      cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('marketId', market_id, 'score', score)), '[]') as candidates
        from (
          select market.id as market_id, round(least(address, ${likenessOfNames(db)})::numeric, 3) as score
          from (
            select market.id, market.name_key, market.legal_name_key, ${likenessOfAddresses(db)} as address
            from markets as market
            cross join lateral (
              select 111195 * sqrt(
                (given.latitude - market.latitude) ^ 2
                + ((given.longitude - market.longitude) * cos(radians(market.latitude))) ^ 2
              ) as distance
            ) as place
            where active and market.city_key = given.city_key and market.trade = given.trade
              and coalesce(distance < ${FAR}, true)
            offset 0
          ) as market
          where address >= ${WORTH_A_LOOK}
          order by score desc, market_id
          limit ${CANDIDATES}
        ) as nearest
        where score >= ${WORTH_A_LOOK}
      ) as judged
    ),
    matched as (
      insert into market_stores (store_code, market_id, matched_by, score, store)
      select code, (found->>'marketId')::bigint, 'auto', (found->>'score')::float8, store
      from tried
      where found is not null
      order by code
      on conflict (store_code) do nothing
    )
    insert into unmatched_stores as known (store_code, store, candidates)
    select code, store, candidates
    from tried
    where found is null
    order by code
    on conflict (store_code) do update
    set store = excluded.store, candidates = excluded.candidates, due = false,
        times_seen = known.times_seen + 1, last_seen_at = now()
  `
  await settle(open, db)
}

/**
 * What stands over the door says most. People add to a market's name where it is, so that a store's may be a part of it; what
 * a till adds to it is another business. A chain's markets share their legal name, and so may two of them at one address.
 */
const likenessOfNames = (db: Db) => db`
  greatest(
    similarity(given.name_key, market.name_key),
    0.9 * strict_word_similarity(given.name_key, market.name_key),
    0.8 * similarity(given.name_key, market.legal_name_key),
    0.8 * similarity(given.legal_name_key, market.name_key),
    0.8 * similarity(given.legal_name_key, market.legal_name_key)
  )
`

/** A misspelt street is forgiven where number and place are right, a number that is missing where the place is; another number is not. */
const likenessOfAddresses = (db: Db) => db`
  least(1, similarity(given.street_key, market.street_key) * case
    when given.number_key = market.number_key and distance < ${NEAR} then 1.2
    when given.number_key = market.number_key then 1
    when (given.number_key = market.number_key) is null and distance < ${NEAR} then 0.9
    else 0.5
  end)
`

const placeOf = ({ geohash }: Store) => (geohash && isGeohash(geohash) ? fromGeohash(geohash) : undefined)
