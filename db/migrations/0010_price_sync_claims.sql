alter table price_syncs
  add column places text not null default '',
  add column tried_at timestamptz not null default now();

comment on column price_syncs.places is 'where it asks for each product: geohash/kilometres of every search, sorted';
comment on column price_syncs.tried_at is 'when its run was taken up last';

create table price_sync_claims (
  product_id bigint not null references products (id) on delete cascade,
  places text not null,
  run_id text not null,
  claimed_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (product_id, places)
);

comment on table price_sync_claims is 'the runs that are about to ask for a product, so that no two do';
