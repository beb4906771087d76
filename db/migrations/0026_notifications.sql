create table notification_preferences (
  user_id bigint primary key references users (id) on delete cascade,
  mail boolean not null default true,
  in_app boolean not null default true,
  push boolean not null default true,
  categories jsonb not null default '{}' check (jsonb_typeof(categories) = 'object'),
  quiet_from time,
  quiet_until time,
  time_zone text,
  locale text check (locale in ('pt-BR', 'en')),
  updated_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  check ((quiet_from is null) = (quiet_until is null)),
  check (quiet_from <> quiet_until)
);

comment on table notification_preferences is 'how people want to be told; who has no row is told by every channel at any hour';
comment on column notification_preferences.categories is 'what differs for a category: {"payment-reminder": {"push": false}}';
comment on column notification_preferences.quiet_from is 'by the clock of the person; later than quiet_until when a night is in between';
comment on column notification_preferences.time_zone is 'null: that of the agency';
comment on column notification_preferences.locale is 'null: that of the account';

-- When the quiet hours end that a moment is in; null when it is in none.
create function end_of_quiet(at timestamptz, time_zone text, quiet_from time, quiet_until time) returns timestamptz
language sql stable as $$
  select case when ending > $1 then ending end
  from (
    select case
      when $3 < $4 and clock >= $3 and clock < $4 then (day + $4) at time zone $2
      when $3 > $4 and clock >= $3 then (day + 1 + $4) at time zone $2
      when $3 > $4 and clock < $4 then (day + $4) at time zone $2
    end as ending
    from (select ($1 at time zone $2)::date as day, ($1 at time zone $2)::time as clock) as here
  ) as quiet
$$;

create table notifications (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  run_id text not null,
  dedupe_key text not null,
  category text not null,
  title text not null check (title <> ''),
  message text not null check (message <> ''),
  type text not null check (type in ('info', 'success', 'warning', 'error')),
  action_url text,
  data jsonb check (jsonb_typeof(data) = 'object'),
  in_app boolean not null default true,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  unique (user_id, dedupe_key)
);

comment on column notifications.dedupe_key is 'of all that is told under it, a person is told once';
comment on column notifications.in_app is 'whether it stands in the list of the person, who may want none there';

create index notifications_of on notifications (user_id, id) where in_app;
create index notifications_unread on notifications (user_id, id) where in_app and read_at is null;
create index notifications_run on notifications (run_id);
create index notifications_at on notifications (created_at);

create table push_subscriptions (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  channel text not null check (channel in ('webpush', 'expo')),
  endpoint text not null unique check (endpoint <> ''),
  p256dh text,
  auth text,
  user_agent text,
  seen_at timestamptz not null default now(),
  last_ok_at timestamptz,
  failures int not null default 0 check (failures >= 0),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  check ((channel = 'webpush') = (p256dh is not null)),
  check ((channel = 'webpush') = (auth is not null))
);

create index push_subscriptions_user on push_subscriptions (user_id);

comment on column push_subscriptions.endpoint is 'webpush: the URL of the device at its push service; expo: its token. Who knows it can reach the device';
comment on column push_subscriptions.seen_at is 'when the device last subscribed';
comment on column push_subscriptions.failures is 'pushes given up in a row';

create table push_deliveries (
  id bigint generated always as identity primary key,
  notification_id bigint not null references notifications (id) on delete cascade,
  subscription_id bigint references push_subscriptions (id) on delete set null,
  channel text not null check (channel in ('webpush', 'expo')),
  urgency text not null default 'normal' check (urgency in ('very-low', 'low', 'normal', 'high')),
  status text not null default 'pending'
    check (status in ('pending', 'sending', 'sent', 'delivered', 'gone', 'refused', 'failed', 'expired', 'cancelled', 'unknown')),
  attempts int not null default 0 check (attempts >= 0),
  in_doubt boolean not null default false,
  due_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ticket_id text,
  receipt_due_at timestamptz check (receipt_due_at is null or ticket_id is not null),
  error text,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  unique (notification_id, subscription_id),
  check (sent_at is not null or status not in ('sent', 'delivered'))
);

comment on table push_deliveries is 'what became of a notification at each device';
comment on column push_deliveries.in_doubt is 'whether it was sent again when nobody knew if it had been: it then replaces itself at the device';
comment on column push_deliveries.due_at is 'when it is tried next; while it is tried, when it may be taken over from a worker that died';
comment on column push_deliveries.ticket_id is 'by which Expo says later what became of it';

create index push_deliveries_due on push_deliveries (due_at) where status in ('pending', 'sending');
create index push_deliveries_receipts on push_deliveries (receipt_due_at) where receipt_due_at is not null;
create index push_deliveries_subscription on push_deliveries (subscription_id);
create index push_deliveries_at on push_deliveries (created_at);

insert into processing_activities (category, title, purpose, legal_basis, origin, retention, shared_with) values
  ('notifications', 'Notificações', 'Avisar você no aplicativo e nos seus aparelhos',
    'Execução de contrato (LGPD, art. 7º, V)', 'Gerado pelo sistema', '6 meses',
    '{"Hospedagem do sistema","Serviços de push dos navegadores (Apple, Google, Microsoft, Mozilla)","Expo (envio de push)"}'),
  ('devices', 'Aparelhos que recebem avisos', 'Entregar avisos aos aparelhos em que você os pediu',
    'Consentimento, dado no próprio aparelho (LGPD, art. 7º, I)', 'Informado pelo seu aparelho',
    'Até que você os desligue ou que o aparelho deixe de existir',
    '{"Hospedagem do sistema","Serviços de push dos navegadores (Apple, Google, Microsoft, Mozilla)","Expo (envio de push)"}'),
  ('preferences', 'Preferências de avisos', 'Avisar você como e quando você quer',
    'Execução de contrato (LGPD, art. 7º, V)', 'Informado por você', 'Enquanto durar a relação',
    '{"Hospedagem do sistema"}');
