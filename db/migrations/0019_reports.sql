create table reports (
  id bigint generated always as identity primary key,
  run_id text not null unique,
  agency_id bigint references agencies (id),
  user_id bigint references users (id) on delete set null,
  type text not null check (type in ('daily', 'weekly', 'monthly', 'yearly', 'custom')),
  content text[] not null check (
    cardinality(content) > 0
    and content <@ array['metrics', 'rental', 'overdue', 'owners', 'leads', 'prices']
  ),
  start_date date not null,
  end_date date not null check (end_date >= start_date),
  format text not null check (format in ('pdf', 'xlsx', 'csv')),
  locale text not null check (locale in ('pt-BR', 'en')),
  storage_key text not null unique,
  file_size bigint not null check (file_size > 0),
  highlights jsonb not null check (jsonb_typeof(highlights) = 'array'),
  created_at timestamptz not null default now(),
  check (agency_id is not null or content = array['prices'])
);

create index reports_agency on reports (agency_id, created_at);
create index reports_user on reports (user_id);

comment on column reports.highlights is 'its figures at a glance, as its mail says them';
