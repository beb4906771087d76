alter table runs add column callback_url text;

create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  run_id text not null,
  queue text not null,
  finished_at timestamptz not null,
  url text not null,
  host text not null,
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0 check (attempts >= 0),
  due_at timestamptz not null default now(),
  log jsonb not null default '[]' check (jsonb_typeof(log) = 'array'),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (run_id, finished_at),
  check ((ended_at is null) = (status = 'pending'))
);

comment on column webhook_deliveries.body is 'what is sent, the same at every try';
comment on column webhook_deliveries.due_at is 'when it is tried next; while it is tried, when it may be taken over from a worker that died';
comment on column webhook_deliveries.log is 'what came of each try';

create index webhook_deliveries_due on webhook_deliveries (due_at) where status = 'pending';
create index webhook_deliveries_ended on webhook_deliveries (ended_at);

-- With the row of the ledger, which a run that ends has in the end whatever is killed.
create function call_back() returns trigger language plpgsql as $$
declare
  status text := case new.status when 'timed-out' then 'failed' else new.status end;
begin
  insert into webhook_deliveries (run_id, queue, finished_at, url, host, body)
  values (
    new.id, new.queue, new.finished_at, new.callback_url,
    lower(substring(new.callback_url from '^https?://([^/?#]*)')),
    jsonb_build_object(
      'type', 'run.' || status,
      'timestamp', to_char(new.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'data', jsonb_build_object(
        'jobId', new.id,
        'queue', new.queue,
        'name', new.name,
        'status', status,
        'returnValue', new.result,
        'failedReason', new.error,
        'attemptsMade', new.attempts,
        'createdAt', (extract(epoch from new.asked_at) * 1000)::bigint,
        'processedOn', (extract(epoch from new.started_at) * 1000)::bigint,
        'finishedOn', (extract(epoch from new.finished_at) * 1000)::bigint,
        'statusUrl', '/api/jobs/' || new.queue || '/' || new.id
      )
    )::text
  )
  on conflict (run_id, finished_at) do nothing;
  perform pg_notify('esteira_callbacks', '');
  return null;
end
$$;

create trigger run_calls_back after insert or update of finished_at on runs
for each row when (new.callback_url is not null) execute function call_back();
