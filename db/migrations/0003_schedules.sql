create table schedules (
  name text primary key check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  job text not null,
  cron text not null,
  zone text not null,
  slotted_until timestamptz not null,
  last_run_id text,
  paused_at timestamptz,
  paused_by text,
  pause_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((paused_at is null) = (paused_by is null)),
  check (paused_at is not null or pause_reason is null)
);

comment on column schedules.slotted_until is 'every slot up to here has been dealt with';
