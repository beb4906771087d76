create table bulk_operations (
  id bigint generated always as identity primary key,
  token uuid not null default gen_random_uuid(),
  action text not null check (action in ('retry', 'remove', 'cancel')),
  filter jsonb not null check (jsonb_typeof(filter) = 'object' and filter <> '{}'),
  reason text,
  per_second int not null check (per_second > 0),
  status text not null default 'preparing'
    check (status in ('preparing', 'matching', 'acting', 'completed', 'aborted', 'failed')),
  place jsonb,
  step int not null default 0 check (step >= 0),
  matched int not null default 0 check (matched >= 0),
  outcomes jsonb not null default '{}' check (jsonb_typeof(outcomes) = 'object'),
  failures int not null default 0 check (failures >= 0),
  error text,
  started_by text not null,
  abort_asked_at timestamptz,
  aborted_by text,
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((abort_asked_at is null) = (aborted_by is null)),
  check ((ended_at is null) = (status in ('preparing', 'matching', 'acting')))
);

comment on column bulk_operations.token is 'names it in Redis, which may know of another with its id, of a database that was put back';
comment on column bulk_operations.place is 'how far the search for its runs has come';
comment on column bulk_operations.step is 'counts the batches that were acted on: Redis knows by it what was done already';
comment on column bulk_operations.due_at is 'when it may be gone on with, by whichever worker';

create index bulk_operations_due on bulk_operations (due_at) where ended_at is null;
create index bulk_operations_ended on bulk_operations (ended_at);

create table bulk_runs (
  operation_id bigint not null references bulk_operations on delete cascade,
  run_id text not null,
  queue text not null,
  outcome text check (outcome in ('retried', 'removed', 'cancelled', 'cancelling', 'skipped', 'gone')),
  created_at timestamptz not null default now(),
  touched_at timestamptz,
  primary key (operation_id, run_id),
  check ((outcome is null) = (touched_at is null))
);

create index bulk_runs_untouched on bulk_runs (operation_id, run_id) where outcome is null;
create index bulk_runs_at on bulk_runs (created_at);
