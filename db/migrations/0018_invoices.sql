create table invoice_counters (
  agency_id bigint not null references agencies (id),
  year int not null check (year between 2000 and 9999),
  last_sequence int not null check (last_sequence > 0),
  created_at timestamptz not null default now(),
  primary key (agency_id, year)
);

-- Whoever takes a number keeps others waiting until its invoice is there, or neither is: so none is left out.
create function take_invoice_sequence(agency_id bigint, year int) returns int
language sql volatile as $$
  insert into invoice_counters as counter (agency_id, year, last_sequence)
  values ($1, $2, 1)
  on conflict on constraint invoice_counters_pkey do update set last_sequence = counter.last_sequence + 1
  returning last_sequence
$$;

create table invoices (
  id bigint generated always as identity primary key,
  agency_id bigint not null references agencies (id),
  payment_id bigint not null,
  corrects_id bigint unique,
  correction_reason text check (correction_reason <> ''),
  year int not null,
  sequence int not null check (sequence > 0),
  number text not null generated always as (
    year || '-' || lpad(sequence::text, greatest(6, length(sequence::text)), '0')
  ) stored,
  issued_at timestamptz not null,
  issued_on date not null,
  issued_by text not null,
  due_date date not null check (due_date >= issued_on),
  principal_cents bigint not null check (principal_cents > 0),
  late_fee_cents bigint not null check (late_fee_cents >= 0),
  interest_cents bigint not null check (interest_cents >= 0),
  total_cents bigint not null generated always as (principal_cents + late_fee_cents + interest_cents) stored,
  pix_code text,
  notes text,
  content jsonb not null check (jsonb_typeof(content) = 'object'),
  created_at timestamptz not null default now(),
  unique (agency_id, year, sequence),
  unique (id, payment_id),
  foreign key (payment_id, agency_id) references rental_payments (id, agency_id),
  foreign key (corrects_id, payment_id) references invoices (id, payment_id),
  check (year = extract(year from issued_on)),
  check ((corrects_id is null) = (correction_reason is null)),
  check (corrects_id <> id)
);

-- The first of a payment; any other corrects the one before it.
create unique index invoices_first on invoices (payment_id) where corrects_id is null;
create index invoices_payment on invoices (payment_id);

comment on column invoices.issued_on is 'by the calendar of the agency, whose year its number is of';
comment on column invoices.due_date is 'until when the sum is what has to be paid';
comment on column invoices.principal_cents is 'what is still owed of the charge itself';
comment on column invoices.content is 'all else the document says, as it was when it was issued';

create function keep_invoices_gapless() returns trigger
language plpgsql as $$
begin
  if new.sequence > 1 and not exists (
    select from invoices
    where agency_id = new.agency_id and year = new.year and sequence = new.sequence - 1
  ) then
    raise check_violation using message = format('invoice %s would leave a gap before it', new.number),
      hint = 'Numbers come from take_invoice_sequence.';
  end if;
  return null;
end
$$;

create trigger invoices_gapless after insert on invoices
for each row execute function keep_invoices_gapless();

create function keep_invoices_as_issued() returns trigger
language plpgsql as $$
begin
  raise restrict_violation using message = format('invoice %s is issued, and stays as it is', old.number),
    hint = 'Issue another that corrects it.';
end
$$;

create trigger invoices_as_issued before update or delete on invoices
for each row execute function keep_invoices_as_issued();

create table invoice_documents (
  invoice_id bigint not null references invoices (id),
  run_id text not null,
  storage_key text not null,
  size bigint not null check (size > 0),
  created_at timestamptz not null default now(),
  primary key (invoice_id, run_id)
);
