create table agencies (
  id bigint generated always as identity primary key,
  name text not null,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  email text,
  phone text,
  time_zone text not null default 'America/Sao_Paulo',
  created_at timestamptz not null default now()
);

create table users (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  name text not null,
  email text not null check (email = lower(email)),
  password_hash text not null,
  role text not null check (role in ('admin', 'manager', 'broker', 'user', 'viewer', 'owner', 'renter')),
  locale text not null default 'pt-BR' check (locale in ('pt-BR', 'en')),
  email_verified_at timestamptz,
  created_at timestamptz not null default now()
);

create unique index users_email on users (email);
create index users_agency on users (agency_id);
