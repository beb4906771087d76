create table idempotency_keys (
  actor text not null,
  key text not null,
  body_hash text not null,
  run_ids text[] not null,
  created_at timestamptz not null default now(),
  primary key (actor, key)
);

comment on column idempotency_keys.actor is 'whose key it is, as the audit log names them';
comment on column idempotency_keys.body_hash is 'of what was asked for with it, and of which route';

create index idempotency_keys_at on idempotency_keys (created_at);
