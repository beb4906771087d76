create table email_suppressions (
  email text primary key check (email = lower(email)),
  reason text not null check (reason in ('bounced', 'complained', 'unsubscribed', 'manual')),
  created_at timestamptz not null default now()
);

create table email_messages (
  id bigint generated always as identity primary key,
  run_id text not null,
  recipient text not null,
  template text not null,
  locale text not null,
  subject text not null,
  status text not null default 'sending' check (status in ('sending', 'sent', 'failed', 'suppressed')),
  provider_id text,
  error text,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  unique (run_id, recipient),
  check ((status = 'sent') = (sent_at is not null))
);

create index email_messages_recipient on email_messages (recipient, created_at);
