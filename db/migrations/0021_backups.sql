create table backups (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{1,100}$'),
  kind text not null check (kind in ('full', 'incremental')),
  status text not null default 'running'
    check (status in ('running', 'completed', 'failed', 'cancelled', 'damaged', 'deleted')),
  previous_id text references backups (id),
  base_id text references backups (id),
  description text,
  tables text[],
  retention_days int not null check (retention_days > 0),
  compressed boolean not null,
  encrypted boolean not null,
  rows bigint check (rows >= 0),
  bytes bigint check (bytes >= 0),
  raw_bytes bigint check (raw_bytes >= 0),
  parts int check (parts >= 0),
  files int check (files >= 0),
  error text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  verified_at timestamptz,
  restored_at timestamptz,
  restore_seconds float8 check (restore_seconds >= 0),
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  check ((status = 'running') = (finished_at is null)),
  check (status not in ('failed', 'damaged') or error is not null),
  check ((restored_at is null) = (restore_seconds is null))
);

create index backups_latest on backups (started_at desc, id desc);
create index backups_previous on backups (previous_id);

comment on table backups is 'what is known of backups; that one exists is told by its manifest in the storage alone';
comment on column backups.tables is 'the tables asked for; null for all';
comment on column backups.rows is 'in its parts: of an incremental one, those that are new or changed';
comment on column backups.restored_at is 'when it was last restored into a scratch database, and found the same';
comment on column backups.removed_at is 'when the storage was rid of it';
