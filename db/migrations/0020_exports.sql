-- An address that its owner has shown to be theirs. It has to be shown anew when it changes.
alter table owners add email_verified_at timestamptz check (email_verified_at is null or email is not null);
alter table renters add email_verified_at timestamptz check (email_verified_at is null or email is not null);
alter table leads add email_verified_at timestamptz check (email_verified_at is null or email is not null);

create function forget_verification() returns trigger
language plpgsql as $$
begin
  if new.email is distinct from old.email and new.email_verified_at is not distinct from old.email_verified_at then
    new.email_verified_at := null;
  end if;
  return new;
end
$$;

create trigger owners_address before update of email on owners for each row execute function forget_verification();
create trigger renters_address before update of email on renters for each row execute function forget_verification();
create trigger leads_address before update of email on leads for each row execute function forget_verification();
create trigger users_address before update of email on users for each row execute function forget_verification();

create table exports (
  id bigint generated always as identity primary key,
  run_id text not null unique,
  content text not null check (content in ('tables', 'properties', 'contracts', 'subject')),
  agency_id bigint references agencies (id),
  requested_by bigint references users (id),
  subject_type text check (subject_type in ('user', 'renter', 'owner', 'lead')),
  subject_id bigint,
  email text check (email = lower(email)),
  format text not null check (format in ('zip', 'csv', 'xlsx', 'json', 'ndjson')),
  status text not null default 'processing' check (status in ('processing', 'completed', 'failed', 'cancelled', 'expired')),
  file_key text unique,
  filename text,
  file_size bigint check (file_size >= 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  files int check (files >= 0),
  rows bigint check (rows >= 0),
  downloads int not null default 0 check (downloads >= 0),
  error text,
  requested_at timestamptz not null,
  deadline_at timestamptz,
  alarmed_at timestamptz,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  check ((content = 'subject') = (subject_type is not null)),
  check ((content = 'subject') = (subject_id is not null)),
  check ((content = 'subject') = (deadline_at is not null)),
  check (content = 'tables' or email is not null),
  check ((status in ('completed', 'expired')) = (completed_at is not null)),
  check ((completed_at is null) = (expires_at is null)),
  check ((completed_at is null) = (file_size is null)),
  check ((completed_at is null) = (sha256 is null)),
  check (status <> 'failed' or error is not null)
);

create unique index exports_open on exports (subject_type, subject_id) where content = 'subject' and status = 'processing';
create index exports_subject on exports (subject_type, subject_id, requested_at) where content = 'subject';
create index exports_expiring on exports (expires_at) where status = 'completed';
create index exports_due on exports (deadline_at) where content = 'subject' and status in ('processing', 'failed');

comment on column exports.agency_id is 'whose rows alone are in it; null for those of all';
comment on column exports.email is 'the verified address that the link was mailed to; null when it was given to who asked';
comment on column exports.deadline_at is 'when a request of a person has to be answered (LGPD, art. 19, II)';
comment on column exports.started_at is 'by the first try: what is in the file says this time, so that a later try makes the same file';

create table access_logs (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  action text not null check (action ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'),
  export_id bigint references exports (id),
  user_id bigint,
  subject_type text check (subject_type in ('user', 'renter', 'owner', 'lead')),
  subject_id bigint,
  address inet,
  user_agent text,
  created_at timestamptz not null default now(),
  check ((subject_type is null) = (subject_id is null))
);

create index access_logs_at on access_logs (at);
create index access_logs_subject on access_logs (subject_type, subject_id, at);
create index access_logs_user on access_logs (user_id, at);

comment on table access_logs is
  'who had access to what, when and from where; kept for six months at least (Lei 12.965/2014, art. 15), whoever deletes old rows';
comment on column access_logs.action is 'what of, and what was done: export.downloaded';

create function keep_access_logs() returns trigger
language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '6 months' then
    return old;
  end if;
  raise insufficient_privilege using
    message = format('access log %s is of %s: it is kept unchanged for six months (Lei 12.965/2014, art. 15)', old.id, old.at::date);
end
$$;

create trigger access_logs_kept before update or delete on access_logs
for each row execute function keep_access_logs();

create table consents (
  id bigint generated always as identity primary key,
  subject_type text not null check (subject_type in ('user', 'renter', 'owner', 'lead')),
  subject_id bigint not null,
  purpose text not null check (purpose <> ''),
  status text not null check (status in ('given', 'withdrawn', 'expired')),
  given_at timestamptz not null,
  ended_at timestamptz,
  source text,
  created_at timestamptz not null default now(),
  check ((status = 'given') = (ended_at is null))
);

create index consents_subject on consents (subject_type, subject_id, given_at);

create table processing_activities (
  category text primary key check (category ~ '^[a-z]+(-[a-z]+)*$'),
  title text not null check (title <> ''),
  purpose text not null check (purpose <> ''),
  legal_basis text not null check (legal_basis <> ''),
  origin text not null check (origin <> ''),
  retention text not null check (retention <> ''),
  shared_with text[] not null,
  created_at timestamptz not null default now()
);

comment on table processing_activities is
  'the record of processing (LGPD, art. 37) as people are told of it in what they are given (art. 9 and 19), by category of data';

insert into processing_activities (category, title, purpose, legal_basis, origin, retention, shared_with) values
  ('profile', 'Cadastro', 'Identificar você e entrar em contato',
    'Execução de contrato ou de procedimentos preliminares (LGPD, art. 7º, V)', 'Informado por você ou pela imobiliária em seu nome',
    'Enquanto durar a relação e por 10 anos após o seu fim (Código Civil, art. 205)',
    '{"Hospedagem do sistema","Resend (envio de e-mails)"}'),
  ('properties', 'Imóveis', 'Anunciar, alugar e administrar os seus imóveis',
    'Execução de contrato (LGPD, art. 7º, V)', 'Informado por você ou levantado pela imobiliária',
    'Enquanto durar a relação e por 10 anos após o seu fim (Código Civil, art. 205)',
    '{"Hospedagem do sistema","Portais de anúncios"}'),
  ('contracts', 'Contratos de locação', 'Cumprir e administrar a locação',
    'Execução de contrato (LGPD, art. 7º, V)', 'Gerado com a assinatura do contrato',
    '10 anos após o fim do contrato (Código Civil, art. 205)', '{"Hospedagem do sistema"}'),
  ('payments', 'Cobranças e pagamentos', 'Cobrar, receber e dar quitação',
    'Execução de contrato e obrigação legal (LGPD, art. 7º, II e V)', 'Gerado pela imobiliária a partir do contrato e dos pagamentos recebidos',
    '5 anos após o pagamento (Código Tributário Nacional, art. 173 e 174)', '{"Hospedagem do sistema","Instituições de pagamento"}'),
  ('invoices', 'Faturas', 'Cobrar e documentar a cobrança',
    'Execução de contrato e obrigação legal (LGPD, art. 7º, II e V)', 'Gerado pela imobiliária a partir das cobranças',
    '5 anos após a emissão (Código Tributário Nacional, art. 173 e 174)', '{"Hospedagem do sistema","Resend (envio de e-mails)"}'),
  ('refunds', 'Devoluções', 'Devolver o que foi pago a mais ou indevidamente',
    'Execução de contrato e obrigação legal (LGPD, art. 7º, II e V)', 'Gerado pela imobiliária',
    '5 anos após a devolução (Código Tributário Nacional, art. 173 e 174)', '{"Hospedagem do sistema","Instituições de pagamento"}'),
  ('transfers', 'Repasses', 'Repassar os aluguéis recebidos',
    'Execução de contrato e obrigação legal (LGPD, art. 7º, II e V)', 'Gerado pela imobiliária a partir dos pagamentos recebidos',
    '5 anos após o repasse (Código Tributário Nacional, art. 173 e 174)', '{"Hospedagem do sistema","Instituições de pagamento"}'),
  ('deductions', 'Descontos nos repasses', 'Prestar contas das despesas dos seus imóveis',
    'Execução de contrato e obrigação legal (LGPD, art. 7º, II e V)', 'Gerado pela imobiliária',
    '5 anos após o desconto (Código Tributário Nacional, art. 173 e 174)', '{"Hospedagem do sistema"}'),
  ('inquiries', 'Contatos e interesses', 'Responder ao seu interesse por um imóvel',
    'Procedimentos preliminares a contrato, a seu pedido (LGPD, art. 7º, V)', 'Informado por você no site, em um portal de anúncios, por telefone ou mensagem',
    '2 anos após o último contato', '{"Hospedagem do sistema","Portais de anúncios"}'),
  ('emails', 'E-mails enviados a você', 'Entregar avisos e documentos e comprovar a entrega',
    'Execução de contrato (LGPD, art. 7º, V)', 'Gerado pelo sistema', '5 anos após o envio',
    '{"Hospedagem do sistema","Resend (envio de e-mails)"}'),
  ('consents', 'Consentimentos', 'Comprovar o que você autorizou e o que revogou',
    'Obrigação legal (LGPD, art. 7º, II, e art. 8º, § 2º)', 'Dado por você', '5 anos após a revogação',
    '{"Hospedagem do sistema"}'),
  ('accesses', 'Registros de acesso', 'Guardar registros de acesso a aplicações e auditar o acesso aos seus dados',
    'Obrigação legal (LGPD, art. 7º, II; Lei 12.965/2014, art. 15)', 'Gerado pelo sistema', '6 meses, ao menos',
    '{"Hospedagem do sistema"}'),
  ('requests', 'Pedidos de acesso aos seus dados', 'Atender aos seus direitos e comprovar que foram atendidos',
    'Obrigação legal (LGPD, art. 7º, II, e art. 18 e 19)', 'Gerado com os seus pedidos', '5 anos após o pedido',
    '{"Hospedagem do sistema","Resend (envio de e-mails)"}');
