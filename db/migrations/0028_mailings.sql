-- One mail to very many, each with data of their own. Its recipients are sent to in chunks, each a run of `email`.
create table mailings (
  id bigint generated always as identity primary key,
  token uuid not null default gen_random_uuid(),
  key text unique check (key <> ''),
  agency_id bigint references agencies (id),
  template text not null,
  list text check (list <> ''),
  subject text,
  sender text,
  locale text not null,
  data jsonb not null,
  per_minute int not null check (per_minute between 1 and 100000),
  status text not null default 'draft' check (status in ('draft', 'sending', 'paused', 'completed', 'cancelled')),
  recipients int not null default 0 check (recipients >= 0),
  chunks int not null default 0 check (chunks >= 0),
  due_at timestamptz,
  created_by text not null,
  decided_by text not null,
  reason text,
  started_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status in ('completed', 'cancelled')) = (ended_at is not null)),
  check (status <> 'sending' or due_at is not null)
);

create index mailings_due on mailings (due_at) where status = 'sending';

comment on column mailings.token is 'its name at the provider, which other databases may write to as well';
comment on column mailings.key is 'the caller''s own name for it: asked for again under the same, it is the same mailing';
comment on column mailings.list is 'what its recipients can unsubscribe from; null for what they cannot';
comment on column mailings.data is 'what its mails say to all; each recipient''s own data go over it';
comment on column mailings.due_at is 'when the next chunk may be asked for';
comment on column mailings.decided_by is 'who has brought it to its status, with the reason';

create table mailing_recipients (
  id bigint generated always as identity primary key,
  mailing_id bigint not null references mailings (id),
  email text not null,
  address text not null generated always as (lower(email)) stored,
  locale text,
  data jsonb not null,
  chunk int,
  created_at timestamptz not null default now(),
  unique (mailing_id, address)
);

create index mailing_recipients_waiting on mailing_recipients (mailing_id, id) where chunk is null;
create index mailing_recipients_chunk on mailing_recipients (mailing_id, chunk, id);
create index mailing_recipients_address on mailing_recipients (address);
create index mailing_recipients_age on mailing_recipients (created_at);

comment on column mailing_recipients.chunk is 'which it is sent with; null while it waits';

create table mailing_chunks (
  mailing_id bigint not null references mailings (id),
  number int not null check (number >= 0),
  run_id text not null unique,
  status text not null default 'asked' check (status in ('asked', 'done', 'returned', 'failed')),
  error text,
  asked_at timestamptz not null default now(),
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (mailing_id, number),
  check ((status = 'asked') = (ended_at is null)),
  check ((status = 'failed') = (error is not null))
);

create index mailing_chunks_asked on mailing_chunks (asked_at) where status = 'asked';
create index mailing_chunks_failed on mailing_chunks (mailing_id) where status = 'failed';
create index mailing_chunks_age on mailing_chunks (created_at);

comment on column mailing_chunks.run_id is 'the run that is at it, or was last';
comment on column mailing_chunks.status is 'returned: its recipients wait again, and no mail of it was handed over';

-- What the provider tells of a mail after it has taken it: each the first time that it happened, in whatever order it is told.
alter table email_messages
  add column mailing_id bigint references mailings (id),
  add column delayed_at timestamptz,
  add column delivered_at timestamptz,
  add column opened_at timestamptz,
  add column clicked_at timestamptz,
  add column bounced_at timestamptz,
  add column bounce text check (bounce in ('hard', 'soft')),
  add column complained_at timestamptz,
  add column failed_at timestamptz,
  add column suppressed_at timestamptz,
  add column told text,
  add constraint email_messages_bounce check ((bounced_at is null) = (bounce is null));

create index email_messages_provider on email_messages (provider_id) where provider_id is not null;
create index email_messages_mailing on email_messages (mailing_id) where mailing_id is not null;

comment on column email_messages.run_id is 'the run that it is of; of a mailing, its chunk: mailing/3/7';
comment on column email_messages.told is 'why the provider says that it bounced or failed';

-- What the provider has told, by its own id of the message: one that comes again is known, and one that comes before its mail is noted waits.
create table email_events (
  id text primary key,
  type text not null,
  provider_id text not null,
  bounce text check (bounce in ('hard', 'soft')),
  told text,
  happened_at timestamptz not null,
  applied_at timestamptz,
  created_at timestamptz not null default now()
);

create index email_events_waiting on email_events (provider_id) where applied_at is null;
create index email_events_age on email_events (created_at);

-- Who wants no more of a list. An agency's lists are its own.
create table email_unsubscriptions (
  id bigint generated always as identity primary key,
  email text not null check (email = lower(email)),
  list text not null check (list <> ''),
  agency_id bigint references agencies (id),
  source text not null check (source in ('one-click', 'page')),
  created_at timestamptz not null default now(),
  unique nulls not distinct (email, list, agency_id)
);

comment on table email_unsubscriptions is
  'stops the mails of a list alone; email_suppressions stop more: bounced and manual all mail, complained all but what somebody has just asked for, unsubscribed every list';

insert into processing_activities (category, title, purpose, legal_basis, origin, retention, shared_with) values
  ('mailings', 'E-mails enviados a muitos', 'Enviar comunicados, boletins e novidades',
    'Consentimento ou legítimo interesse, conforme a lista (LGPD, art. 7º, I e IX)', 'Informado pela imobiliária a partir do seu cadastro',
    '30 dias após o envio, ao menos', '{"Hospedagem do sistema","Resend (envio de e-mails)"}'),
  ('subscriptions', 'Listas de e-mail', 'Respeitar o seu pedido de não receber e-mails de uma lista',
    'Obrigação legal e legítimo interesse (LGPD, art. 7º, II e IX, e art. 18, § 2º)', 'Dado por você, ou informado pelo provedor de e-mail',
    'Enquanto valer o pedido', '{"Hospedagem do sistema","Resend (envio de e-mails)"}');
