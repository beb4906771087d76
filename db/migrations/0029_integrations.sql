create table integrations (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  provider text not null check (provider ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  enabled boolean not null default false,
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object'),
  secrets text,
  secret_names text[] not null default '{}',
  reason text check (reason <> ''),
  status text not null generated always as (
    case when not enabled then 'disabled' when reason is not null then 'error' else 'ok' end
  ) stored,
  last_synced_at timestamptz,
  lease bigint not null default 0,
  leased_by text,
  leased_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (agency_id, provider),
  check ((secrets is null) = (secret_names = '{}'))
);

comment on column integrations.secrets is 'encrypted, for this agency and provider alone';
comment on column integrations.reason is 'why it is in error: it is left alone until somebody has seen to it';
comment on column integrations.lease is 'counts the tries that have had it: what one with an earlier number would still write is refused';

create table sync_cursors (
  integration_id bigint not null references integrations (id) on delete cascade,
  entity text not null check (entity in ('property', 'lead', 'contract')),
  cursor text,
  page text,
  pass int not null default 1 check (pass > 0),
  is_full boolean not null default true,
  begun_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (integration_id, entity)
);

comment on column sync_cursors.cursor is 'where the pass under way has begun: what changed after it is asked for; null for all there is';
comment on column sync_cursors.page is 'the next page of the pass under way';
comment on column sync_cursors.begun_at is 'since when changes here are told of, where all there was before is not';

create table external_refs (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  provider text not null,
  entity text not null check (entity in ('property', 'lead', 'contract')),
  external_id text not null check (length(external_id) between 1 and 200),
  local_id bigint not null,
  origin text not null check (origin in ('here', 'there')),
  content_hash text,
  pushed_version text,
  pushes int not null default 0 check (pushes >= 0),
  seen_pass int,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (agency_id, provider, entity, external_id),
  foreign key (agency_id, provider) references integrations (agency_id, provider) on delete cascade
);

create unique index external_refs_local on external_refs (agency_id, provider, entity, local_id) where deleted_at is null;
create index external_refs_entity on external_refs (entity, local_id);

comment on column external_refs.content_hash is 'of what the partner was last seen to have';
comment on column external_refs.pushed_version is 'of what both sides were last known to agree on';
comment on column external_refs.pushes is 'times it was pushed: with the version, what a push is known by to its receiver';
comment on column external_refs.deleted_at is 'since when it is no longer there, or no longer exchanged';

create table sync_items (
  id bigint generated always as identity primary key,
  integration_id bigint not null references integrations (id) on delete cascade,
  run_id text,
  direction text not null check (direction in ('pull', 'push')),
  entity text not null check (entity in ('property', 'lead', 'contract')),
  item text not null,
  local_id bigint,
  outcome text not null check (outcome in ('created', 'updated', 'deleted', 'kept', 'blocked', 'failed')),
  reasons text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (run_id, direction, entity, item)
);

create index sync_items_integration on sync_items (integration_id, id);
create index sync_items_created on sync_items (created_at);

comment on column sync_items.run_id is 'null of what has come by itself';
comment on column sync_items.item is 'pulled, its id there; pushed, its id here';

create table listing_feeds (
  integration_id bigint primary key references integrations (id) on delete cascade,
  run_id text not null,
  storage_key text not null unique,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size > 0),
  listings int not null check (listings >= 0),
  blocked int not null check (blocked >= 0),
  changed_at timestamptz not null,
  published_at timestamptz not null,
  created_at timestamptz not null default now()
);

comment on column listing_feeds.sha256 is 'of what it says, but for the time at which it says so';

-- A portal does not say what somebody wants who asks after a listing that is not ours.
alter table leads alter interest drop not null;

update processing_activities
set shared_with = shared_with || '{"Sistemas conectados pela imobiliária (CRM, automações)"}'
where category in ('properties', 'contracts', 'inquiries');
