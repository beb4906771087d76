-- Counted up with a password: sessions that were begun before have ended.
alter table users add column credentials int not null default 0 check (credentials >= 0);

create table api_keys (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  digest text not null unique check (length(digest) = 43),
  scopes text[] not null check (scopes <> '{}' and scopes <@ array['enqueue', 'read', 'operate', 'admin']),
  queues text[] check (queues <> '{}'),
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  created_at timestamptz not null default now(),
  check ((revoked_at is null) = (revoked_by is null))
);

create index api_keys_valid on api_keys (id) where revoked_at is null;

comment on column api_keys.digest is 'SHA-256 of the key, which is kept nowhere, in base64url';
comment on column api_keys.queues is 'null: it is for every queue';
