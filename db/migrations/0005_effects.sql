create table effects (
  run_id text not null,
  key text not null check (key <> ''),
  claimed_by uuid not null,
  claimed_until timestamptz not null,
  result jsonb,
  done_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (run_id, key),
  check (result is null or done_at is not null)
);

create index effects_created on effects (created_at);
