create table runs (
  id text primary key,
  queue text not null,
  name text not null,
  status text not null check (status in ('completed', 'failed', 'cancelled', 'timed-out')),
  priority int not null,
  payload jsonb not null,
  result jsonb,
  error text,
  attempts int not null check (attempts >= 0),
  asked_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz not null,
  created_at timestamptz not null default now(),
  check ((status = 'completed') = (error is null)),
  check (status = 'completed' or result is null)
);

create index runs_latest on runs (queue, finished_at desc, id desc);
create index runs_finished on runs (finished_at, id);

create table run_events (
  id bigint generated always as identity primary key,
  run_id text not null,
  at timestamptz not null,
  kind text not null check (kind in ('attempt', 'log', 'stage')),
  attempt int not null check (attempt >= 0),
  place int not null check (place >= 0),
  data jsonb not null check (jsonb_typeof(data) = 'object'),
  created_at timestamptz not null default now(),
  unique (run_id, at, kind, place)
);

create index run_events_at on run_events (at);

create table ledger_watermarks (
  queue text not null,
  state text not null check (state in ('completed', 'failed')),
  swept_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (queue, state)
);
