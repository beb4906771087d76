create table outbox (
  id text primary key,
  queue text not null,
  name text,
  data json,
  options json not null check (json_typeof(options) = 'object'),
  is_prepared boolean not null default false,
  asked_at timestamptz not null default clock_timestamp(),
  relayed_at timestamptz,
  became text,
  claimed_at timestamptz,
  claimed_by uuid,
  created_at timestamptz not null default now(),
  check ((relayed_at is null) = (data is not null)),
  check ((claimed_at is null) = (claimed_by is null)),
  check (became is null or relayed_at is not null)
);

comment on column outbox.name is 'a label of the run; its queue''s name when it has none';
comment on column outbox.data is 'what the run is asked for with, until it is in its queue';
comment on column outbox.is_prepared is 'whether data and options have come through the door: what SQL has written itself is checked when it is relayed';
comment on column outbox.became is 'the run of the same deduplication that there was already';
comment on column outbox.claimed_by is 'names the entry in Redis that is to be worked on, should the run have come to be there twice';

create index outbox_waiting on outbox (asked_at, id) where relayed_at is null;
create index outbox_relayed on outbox (relayed_at) where relayed_at is not null;

create function notify_outbox() returns trigger language plpgsql as $$
begin
  perform pg_notify('esteira_outbox', '');
  return null;
end
$$;

create trigger outbox_added after insert on outbox for each statement execute function notify_outbox();

create function uuid_of_now() returns uuid language sql volatile parallel safe as $$
  -- Version 7: milliseconds since 1970 in front, the rest random; two bits turn version 4 into 7.
  select encode(
    set_bit(
      set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;

create function enqueue_job(queue text, data jsonb, options jsonb default '{}') returns uuid language sql volatile as $$
  insert into outbox (id, queue, data, options)
  values (uuid_of_now()::text, queue, data::json, coalesce(options, '{}')::json)
  returning id::uuid
$$;

comment on function enqueue_job is 'asks for a run within this transaction: data and options as POST /api/jobs/:queue takes them; returns its id';
