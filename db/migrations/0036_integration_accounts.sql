-- Of whole milliseconds, which come back from the application as they went there.
alter table integrations add begun_at timestamptz not null default date_trunc('milliseconds', now());

update integrations set begun_at = date_trunc('milliseconds', created_at);

comment on column integrations.begun_at is 'since when it is with this account there: with another it has begun anew, and nothing is known of the one before';

create table dropped_feeds (
  storage_key text primary key,
  created_at timestamptz not null default now()
);

comment on table dropped_feeds is 'files of feeds whose integrations were removed, to be deleted by a worker';
