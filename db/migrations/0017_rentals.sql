create extension if not exists btree_gist;

-- Receita Federal: each of the last two digits follows from those before it, weighed 2, 3, … from the right. A letter of a
-- CNPJ counts by its place in ASCII, as a digit does.
create function tax_id_digit(text, highest int) returns text
language sql immutable strict parallel safe
return (
  select case when sum % 11 < 2 then 0 else 11 - sum % 11 end::text
  from (
    select sum((ascii(substr(reverse($1), place, 1)) - 48) * (2 + (place - 1) % (highest - 1)))::int
    from generate_series(1, length($1)) as place
  ) as weighed (sum)
);

-- A CPF of 11 digits, or a CNPJ of 12 digits and capitals and 2 digits.
create function is_tax_id(text) returns boolean
language sql immutable strict parallel safe
return $1 ~ '^(?:\d{11}|[0-9A-Z]{12}\d\d)$' and $1 !~ '^(.)\1*$'
  and tax_id_digit(left($1, -2), case length($1) when 11 then 11 else 9 end) = substr($1, length($1) - 1, 1)
  and tax_id_digit(left($1, -1), case length($1) when 11 then 11 else 9 end) = right($1, 1);

-- A key of PIX: CPF, CNPJ, phone, e-mail, or a random one.
create function is_pix_key(text) returns boolean
language sql immutable strict parallel safe
return is_tax_id($1)
  or $1 ~ '^\+55\d{10,11}$'
  or $1 ~ '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  or (length($1) <= 77 and $1 ~ '^[!-?A-~]+@[!-?A-~]+$' and $1 = lower($1));

alter table agencies
  add legal_name text,
  add cnpj text check (is_tax_id(cnpj) and length(cnpj) = 14),
  add creci text,
  add street text,
  add number text,
  add complement text,
  add district text,
  add city text,
  add uf text check (uf ~ '^[A-Z]{2}$'),
  add zip_code text check (zip_code ~ '^\d{8}$'),
  add pix_key text check (is_pix_key(pix_key)),
  add brand_colour text not null default '#1f3a5f' check (brand_colour ~ '^#[0-9a-f]{6}$'),
  add accent_colour text not null default '#c2703d' check (accent_colour ~ '^#[0-9a-f]{6}$');

comment on column agencies.creci is 'its registration with the council of realtors: J-06.412';

alter table users add unique (id, agency_id);

create table owners (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  user_id bigint unique,
  name text not null check (name <> ''),
  email text check (email = lower(email)),
  phone text,
  tax_id text check (is_tax_id(tax_id)),
  street text,
  number text,
  complement text,
  district text,
  city text,
  uf text check (uf ~ '^[A-Z]{2}$'),
  zip_code text check (zip_code ~ '^\d{8}$'),
  bank_name text,
  bank_branch text,
  bank_account text,
  pix_key text check (is_pix_key(pix_key)),
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  unique (agency_id, tax_id),
  foreign key (user_id, agency_id) references users (id, agency_id)
);

create index owners_email on owners (email);

create table renters (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  user_id bigint unique,
  name text not null check (name <> ''),
  email text check (email = lower(email)),
  phone text,
  tax_id text check (is_tax_id(tax_id)),
  identity_card text,
  born_on date,
  profession text,
  income_cents bigint check (income_cents >= 0),
  emergency_name text,
  emergency_phone text,
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  unique (agency_id, tax_id),
  foreign key (user_id, agency_id) references users (id, agency_id)
);

create index renters_email on renters (email);

comment on column owners.user_id is 'the account the person signs in with, if there is one; so is that of renters';

create table properties (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  owner_id bigint not null,
  code text not null check (code <> ''),
  title text not null check (title <> ''),
  description text not null default '',
  type text not null check (type in ('apartment', 'house', 'studio', 'store', 'office', 'warehouse', 'land')),
  category text not null check (category in ('venda', 'aluguel', 'temporada')),
  status text not null check (status in ('available', 'rented', 'sold', 'unavailable', 'maintenance')),
  rent_cents bigint check (rent_cents > 0),
  price_cents bigint check (price_cents > 0),
  condo_cents bigint not null default 0 check (condo_cents >= 0),
  iptu_cents bigint not null default 0 check (iptu_cents >= 0),
  street text not null,
  number text,
  complement text,
  district text,
  city text not null check (city <> ''),
  uf text not null check (uf ~ '^[A-Z]{2}$'),
  zip_code text check (zip_code ~ '^\d{8}$'),
  bedrooms int not null default 0 check (bedrooms >= 0),
  bathrooms int not null default 0 check (bathrooms >= 0),
  parking_spaces int not null default 0 check (parking_spaces >= 0),
  area_m2 numeric(10, 2) check (area_m2 > 0),
  features text[] not null default '{}',
  images text[] not null default '{}',
  listed_on date not null,
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  unique (agency_id, code),
  foreign key (owner_id, agency_id) references owners (id, agency_id),
  check (case category when 'venda' then price_cents else rent_cents end is not null)
);

create index properties_owner on properties (owner_id);
create index properties_agency on properties (agency_id, category, status);

comment on column properties.iptu_cents is 'a month; so are condo and rent';
comment on column properties.listed_on is 'since when the agency offers it';

create table leads (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  property_id bigint,
  assigned_to bigint,
  name text not null check (name <> ''),
  email text check (email = lower(email)),
  phone text,
  message text,
  source text not null check (
    source in ('site', 'olx', 'vivareal', 'zapimoveis', 'whatsapp', 'phone', 'walk-in', 'referral', 'other')
  ),
  interest text not null check (interest in ('venda', 'aluguel', 'temporada')),
  budget_cents bigint check (budget_cents > 0),
  contacted_at timestamptz,
  visited_at timestamptz,
  proposed_at timestamptz,
  won_at timestamptz,
  lost_at timestamptz,
  lost_reason text,
  status text not null generated always as (
    case
      when won_at is not null then 'won'
      when lost_at is not null then 'lost'
      when proposed_at is not null then 'proposal'
      when visited_at is not null then 'visit'
      when contacted_at is not null then 'contacted'
      else 'new'
    end
  ) stored,
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  foreign key (property_id, agency_id) references properties (id, agency_id),
  foreign key (assigned_to, agency_id) references users (id, agency_id),
  check (won_at is null or lost_at is null),
  check (lost_reason is null or lost_at is not null)
);

create index leads_agency on leads (agency_id, created_at);
create index leads_property on leads (property_id);
create index leads_email on leads (email);

comment on column leads.status is 'the furthest stage it has reached';

create table rental_contracts (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  property_id bigint not null,
  owner_id bigint not null,
  renter_id bigint not null,
  number text not null check (number <> ''),
  status text not null check (status in ('draft', 'active', 'expired', 'cancelled', 'terminated')),
  start_date date not null,
  end_date date not null check (end_date > start_date),
  ended_on date check (ended_on >= start_date),
  due_day int not null check (due_day between 1 and 31),
  rent_cents bigint not null check (rent_cents > 0),
  condo_cents bigint not null default 0 check (condo_cents >= 0),
  iptu_cents bigint not null default 0 check (iptu_cents >= 0),
  administration_fee_percent numeric(5, 2) not null check (administration_fee_percent between 0 and 100),
  late_fee_percent numeric(5, 2) not null check (late_fee_percent between 0 and 100),
  condo_late_fee_percent numeric(5, 2) not null check (condo_late_fee_percent between 0 and 2),
  interest_percent_month numeric(5, 2) not null check (interest_percent_month between 0 and 100),
  grace_days int not null check (grace_days between 0 and 60),
  adjustment_index text not null check (adjustment_index in ('IGP-M', 'IPCA', 'INPC', 'none')),
  guarantee text not null check (guarantee in ('deposit', 'guarantor', 'insurance', 'none')),
  deposit_cents bigint not null default 0 check (deposit_cents >= 0),
  signed_on date,
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  unique (agency_id, number),
  foreign key (property_id, agency_id) references properties (id, agency_id),
  foreign key (owner_id, agency_id) references owners (id, agency_id),
  foreign key (renter_id, agency_id) references renters (id, agency_id),
  check (case status
    when 'active' then ended_on is null
    when 'draft' then ended_on is null
    when 'cancelled' then true
    else ended_on is not null
  end),
  constraint rental_contracts_one_at_a_time
    exclude using gist (property_id with =, daterange(start_date, ended_on, '[]') with &&)
    where (status in ('active', 'expired', 'terminated'))
);

create index rental_contracts_agency on rental_contracts (agency_id, status);
create index rental_contracts_owner on rental_contracts (owner_id);
create index rental_contracts_renter on rental_contracts (renter_id);

comment on column rental_contracts.ended_on is
  'the last day; null while it runs, which it does past its end_date unless somebody ends it (Lei 8.245/1991, art. 46 and 56)';
comment on column rental_contracts.rent_cents is 'a month, as it is now: what a past month was charged stands in its payment';
comment on column rental_contracts.late_fee_percent is 'once, of what is overdue without the condominium fee';
comment on column rental_contracts.condo_late_fee_percent is
  'once, of an overdue condominium fee: 2% at most (Código Civil, art. 1.336, § 1)';
comment on column rental_contracts.interest_percent_month is 'simple, by the day, of all that is overdue';
comment on column rental_contracts.grace_days is 'days past the due date for which neither fee nor interest is asked; from the next on both count from the due date';

create table rental_payments (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  contract_id bigint not null,
  reference_month date not null check (extract(day from reference_month) = 1),
  due_date date not null,
  payable_until date not null check (payable_until >= due_date),
  rent_cents bigint not null check (rent_cents >= 0),
  condo_cents bigint not null default 0 check (condo_cents >= 0),
  iptu_cents bigint not null default 0 check (iptu_cents >= 0),
  extra_cents bigint not null default 0 check (extra_cents >= 0),
  extra_description text,
  discount_cents bigint not null default 0 check (discount_cents >= 0),
  discount_description text,
  total_cents bigint not null generated always as (
    rent_cents + condo_cents + iptu_cents + extra_cents - discount_cents
  ) stored,
  late_fee_cents bigint not null default 0 check (late_fee_cents >= 0),
  interest_cents bigint not null default 0 check (interest_cents >= 0),
  paid_cents bigint not null default 0 check (paid_cents >= 0),
  paid_on date,
  rent_received_cents bigint not null generated always as (
    greatest(0, paid_cents - condo_cents - iptu_cents - extra_cents)
  ) stored,
  method text check (method in ('pix', 'boleto', 'transfer', 'cash', 'card')),
  status text not null default 'pending' check (
    status in ('pending', 'partially_paid', 'paid', 'cancelled', 'refunded')
  ),
  created_at timestamptz not null default now(),
  unique (id, agency_id),
  unique (contract_id, reference_month),
  foreign key (contract_id, agency_id) references rental_contracts (id, agency_id),
  check (discount_cents <= rent_cents),
  check (total_cents > 0),
  check ((paid_cents > 0) = (paid_on is not null)),
  check ((method is null) or (paid_on is not null)),
  check (case status
    when 'partially_paid' then paid_cents between 1 and total_cents + late_fee_cents + interest_cents - 1
    when 'paid' then paid_cents >= total_cents + late_fee_cents + interest_cents
    when 'refunded' then paid_cents > 0
    else paid_cents = 0
  end)
);

create index rental_payments_due on rental_payments (agency_id, payable_until);
create index rental_payments_paid on rental_payments (agency_id, paid_on);
create index rental_payments_open on rental_payments (payable_until) where status in ('pending', 'partially_paid');

comment on column rental_payments.due_date is 'the day the contract names';
comment on column rental_payments.payable_until is
  'the due date, or the next business day when it is none: it is overdue from the day after, and late fee and interest count from here';
comment on column rental_payments.late_fee_cents is 'what of it was asked for with the payment, and is in paid_cents; so is interest_cents';
comment on column rental_payments.paid_on is 'the day of the latest payment';
comment on column rental_payments.rent_received_cents is
  'the owner''s gross: condominium fee, IPTU and extras, which go to others, are covered first';
comment on column rental_payments.status is
  'overdue is none of them, since a day makes it so: pending or partially_paid, and payable_until has passed; refunded is wholly given back';

create table rental_refunds (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  payment_id bigint not null,
  amount_cents bigint not null check (amount_cents > 0),
  refunded_on date not null,
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  foreign key (payment_id, agency_id) references rental_payments (id, agency_id)
);

create index rental_refunds_payment on rental_refunds (payment_id);
create index rental_refunds_day on rental_refunds (agency_id, refunded_on);

create function keep_refunds_within_paid() returns trigger
language plpgsql as $$
declare
  paid bigint;
begin
  select paid_cents into paid from rental_payments where id = new.payment_id for update;
  if (select sum(amount_cents) from rental_refunds where payment_id = new.payment_id) > paid then
    raise check_violation using message = format('more would be refunded of payment %s than the %s cents paid', new.payment_id, paid);
  end if;
  return null;
end
$$;

create trigger rental_refunds_within_paid after insert or update on rental_refunds
for each row execute function keep_refunds_within_paid();

create table owner_deductions (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  owner_id bigint not null,
  property_id bigint,
  deducted_on date not null,
  kind text not null check (kind in ('maintenance', 'condo', 'iptu', 'insurance', 'legal', 'other')),
  description text not null check (description <> ''),
  amount_cents bigint not null check (amount_cents > 0),
  created_at timestamptz not null default now(),
  foreign key (owner_id, agency_id) references owners (id, agency_id),
  foreign key (property_id, agency_id) references properties (id, agency_id)
);

create index owner_deductions_day on owner_deductions (agency_id, deducted_on);
create index owner_deductions_owner on owner_deductions (owner_id);

create table rental_transfers (
  id bigint generated always as identity primary key,
  agency_id bigint not null,
  owner_id bigint not null,
  reference_month date not null check (extract(day from reference_month) = 1),
  gross_cents bigint not null,
  fee_cents bigint not null,
  deductions_cents bigint not null check (deductions_cents >= 0),
  net_cents bigint not null generated always as (gross_cents - fee_cents - deductions_cents) stored,
  status text not null default 'pending' check (status in ('pending', 'paid', 'cancelled')),
  transferred_on date,
  created_at timestamptz not null default now(),
  unique (owner_id, reference_month),
  foreign key (owner_id, agency_id) references owners (id, agency_id),
  check ((status = 'paid') = (transferred_on is not null))
);

create index rental_transfers_month on rental_transfers (agency_id, reference_month);

comment on column rental_transfers.gross_cents is
  'rent_received_cents of the owner''s payments paid within the month, less what was refunded within it';
comment on column rental_transfers.fee_cents is
  'the administration fee of each of these payments'' contracts, rounded for each payment and each refund';
