-- Days of which there are ten at most, none of them unknown, each within these bounds.
create function are_days(int[], lowest int, highest int) returns boolean
language sql immutable parallel safe
return cardinality($1) <= 10 and array_position($1, null) is null and lowest <= all ($1) and highest >= all ($1);

alter table agencies
  add reminder_days_before int[] not null default '{3,1}' check (are_days(reminder_days_before, 0, 60)),
  add reminder_days_overdue int[] not null default '{1,5,15}' check (are_days(reminder_days_overdue, 1, 365)),
  add final_notice_days int default 30 check (final_notice_days between 1 and 365),
  add check (final_notice_days > all (reminder_days_overdue));

comment on column agencies.reminder_days_before is 'days before payable_until on which renters are reminded of a payment; none of them: {}';
comment on column agencies.reminder_days_overdue is 'days after payable_until on which they are told that it is overdue';
comment on column agencies.final_notice_days is 'days after payable_until on which they are told for the last time; never, when null';

create table payment_reminders (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  contract_id bigint not null,
  payment_id bigint not null,
  type text not null check (type in ('upcoming', 'overdue', 'final-notice')),
  days int not null check (days >= case type when 'upcoming' then 0 else 1 end),
  stage text not null generated always as (
    case type when 'final-notice' then type else type || '-' || days end
  ) stored,
  place int not null generated always as (
    case type when 'upcoming' then -days when 'overdue' then days else 1000000 end
  ) stored,
  local_date date not null,
  days_overdue int not null,
  principal_cents bigint not null check (principal_cents > 0),
  late_fee_cents bigint not null check (late_fee_cents >= 0),
  interest_cents bigint not null check (interest_cents >= 0),
  amount_cents bigint not null generated always as (principal_cents + late_fee_cents + interest_cents) stored,
  pix_code text,
  locale text not null check (locale in ('pt-BR', 'en')),
  channels text[] not null check (channels <@ '{email,in-app,push}'),
  is_agency_told boolean not null,
  run_id text not null unique,
  created_at timestamptz not null default now(),
  unique (payment_id, stage),
  foreign key (payment_id, agency_id) references rental_payments (id, agency_id),
  foreign key (contract_id, agency_id) references rental_contracts (id, agency_id),
  check ((days_overdue <= 0) = (type = 'upcoming')),
  check (is_agency_told or channels <> '{}')
);

create index payment_reminders_contract on payment_reminders (contract_id, id);
create index payment_reminders_agency on payment_reminders (agency_id, id);
create index payment_reminders_at on payment_reminders (created_at);

comment on table payment_reminders is 'what renters were told of what they owe: each stage of a payment once, whatever is retried';
comment on column payment_reminders.days is 'of the stage: so many days before payable_until, or after it';
comment on column payment_reminders.place is 'in the order of the stages: none is sent once a later one was, and nothing after a final notice';
comment on column payment_reminders.local_date is 'the day in the agency''s zone, to which fee and interest are counted';
comment on column payment_reminders.days_overdue is 'on that day, since payable_until; below nought before it';
comment on column payment_reminders.channels is 'how the renter was told; by none of them when the agency was told to do so itself';

insert into processing_activities (category, title, purpose, legal_basis, origin, retention, shared_with) values
  ('reminders', 'Avisos de cobrança', 'Lembrar de vencimentos, avisar de atrasos e comprovar os avisos',
    'Execução de contrato (LGPD, art. 7º, V)', 'Gerado pelo sistema a partir das cobranças', '5 anos após o aviso',
    '{"Hospedagem do sistema","Resend (envio de e-mails)","Serviços de notificação do seu aparelho"}');
