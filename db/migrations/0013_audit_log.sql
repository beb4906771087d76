create table audit_log (
  id bigint primary key,
  phase text not null check (phase in ('asked', 'done')),
  actor text not null,
  key_id bigint,
  address text,
  request_id text,
  action text not null check (action <> ''),
  target text not null,
  status int,
  before jsonb,
  after jsonb,
  hash bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null,
  check (phase = 'done' or (status is null and before is null and after is null))
);

create index audit_log_actor on audit_log (actor, id);
create index audit_log_action on audit_log (action, id);
create index audit_log_target on audit_log (target, id);
create index audit_log_request on audit_log (request_id, id);

comment on table audit_log is 'every change that was asked for, before it was begun, and what came of it; nothing here is changed or deleted';
comment on column audit_log.hash is 'SHA-256 of the hash of the entry before and of this entry as JSON';

-- One at a time, whoever writes: each entry is chained to the one before, and their numbers have no gaps.
create function chain_audit_entry() returns trigger
language plpgsql volatile as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(hashtext('esteira.audit_log'));
  select id, hash into last from audit_log order by id desc limit 1;
  new.id := coalesce(last.id, 0) + 1;
  new.created_at := clock_timestamp();
  new.hash := sha256(coalesce(last.hash, '') || convert_to(jsonb_build_array(
    new.id, to_char(new.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), new.phase, new.actor, new.key_id,
    new.address, new.request_id, new.action, new.target, new.status, new.before, new.after
  )::text, 'UTF8'));
  return new;
end
$$;

create trigger audit_log_chained before insert on audit_log
for each row execute function chain_audit_entry();

create function keep_audit_log() returns trigger
language plpgsql as $$
begin
  raise exception 'the audit log is only added to: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_log_kept before update or delete on audit_log
for each row execute function keep_audit_log();

create trigger audit_log_whole before truncate on audit_log
for each statement execute function keep_audit_log();

revoke update, delete, truncate on audit_log from public;
