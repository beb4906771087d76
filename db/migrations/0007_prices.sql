create extension if not exists pg_trgm;

-- Words without accents, capitals and punctuation. `normalize` knows every letter and is immutable, which `unaccent` is not.
create function plain_words(text) returns text
language sql immutable strict parallel safe
return trim(lower(regexp_replace(
  regexp_replace(normalize($1, nfkd), '[\u0300-\u036f]', '', 'g'),
  '[^A-Za-z0-9]+', ' ', 'g'
)));

-- What the name of a shop says beyond "supermarket", "limited company" and "branch 4"; all of it when it says nothing else.
create function name_key(text) returns text
language sql immutable strict parallel safe
return coalesce((
  select string_agg(meant, ' ' order by place)
  from string_to_table(
    regexp_replace(plain_words($1), '\m(?:loja|lj|filial|fl|unidade|unid) ?(?:n |no |nro )?\d+\M|\ms a\M', '', 'g'), ' '
  ) with ordinality as each (word, place),
  lateral (select coalesce('{
    "supermercado": "", "supermercados": "", "superm": "", "supermerc": "", "super": "", "sup": "", "mercado": "",
    "mercados": "", "merc": "", "mercearia": "", "minimercado": "", "mini": "", "hipermercado": "", "hiper": "",
    "ltda": "", "sa": "", "me": "", "mei": "", "epp": "", "eireli": "", "cia": "", "companhia": "",
    "comercio": "", "comercial": "", "com": "", "coml": "", "varejista": "", "varej": "", "var": "", "distribuidora": "",
    "distr": "", "dist": "", "alimentos": "", "alimenticios": "", "alim": "", "generos": "", "gen": "", "produtos": "",
    "prods": "", "prod": "", "loja": "", "lojas": "", "lj": "", "filial": "", "matriz": "",
    "de": "", "do": "", "da": "", "dos": "", "das": "", "e": "",
    "s": "sao", "sto": "santo", "sta": "santa", "stos": "santos", "sra": "senhora", "ns": "nossa senhora",
    "nsa": "nossa senhora", "irm": "irmaos", "irs": "irmaos", "coop": "cooperativa", "emp": "emporio", "atac": "atacadista",
    "2": "dois", "3": "tres"
  }'::jsonb ->> word, word) as meant) as read
  where meant <> ''
), plain_words($1));

-- The kind of a street, shortly, and its name without the titles of whom it is named after.
create function street_key(text) returns text
language sql immutable strict parallel safe
return (
  select coalesce(string_agg(meant, ' ' order by place), '')
  from string_to_table(regexp_replace(plain_words($1), '([a-z])(\d)', '\1 \2', 'g'), ' ')
    with ordinality as each (word, place),
  lateral (select coalesce('{
    "avenida": "av", "aven": "av", "rua": "r", "rodovia": "rod", "rdv": "rod", "praca": "pc", "pca": "pc", "travessa": "tv",
    "trav": "tv", "alameda": "al", "estrada": "est", "estr": "est",
    "doutor": "", "dr": "", "doutora": "", "dra": "", "professor": "", "professora": "", "prof": "", "profa": "",
    "presidente": "", "pres": "", "prefeito": "", "pref": "", "governador": "", "gov": "", "vereador": "", "ver": "",
    "deputado": "", "dep": "", "senador": "", "sen": "", "ministro": "", "min": "", "desembargador": "", "des": "",
    "engenheiro": "", "eng": "", "general": "", "gal": "", "gen": "", "marechal": "", "mal": "", "coronel": "", "cel": "",
    "capitao": "", "cap": "", "tenente": "", "ten": "", "brigadeiro": "", "brig": "", "padre": "", "pe": "", "dom": "",
    "frei": "", "pioneiro": "", "pioneira": "", "pion": "", "de": "", "do": "", "da": "", "dos": "", "das": "", "e": "",
    "s": "sao", "sto": "santo", "sta": "santa", "stos": "santos", "sra": "senhora", "ns": "nossa senhora",
    "7": "sete", "9": "nove", "13": "treze", "15": "quinze", "xv": "quinze", "19": "dezenove", "21": "vinte um"
  }'::jsonb ->> word, word) as meant) as read
  where meant <> ''
);

-- The first number of an address, alike of `1.210` and `01210 LOJA 2`; none of `S/N`.
create function number_key(text) returns int
language sql immutable strict parallel safe
return nullif(substring(replace($1, '.', '') from '\d{1,9}')::int, 0);

-- What a shop sells: a chain's petrol station and its supermarket share their name, and often their address.
create function trade_of(text) returns text
language sql immutable strict parallel safe
return coalesce((
  select trade
  from string_to_table(plain_words($1), ' ') as word,
  lateral (select '{
    "farmacia": "medicine", "farmacias": "medicine", "drogaria": "medicine", "drogarias": "medicine", "farma": "medicine",
    "posto": "fuel", "postos": "fuel", "combustiveis": "fuel", "conveniencia": "fuel", "conveniencias": "fuel",
    "supermercado": "market", "supermercados": "market", "superm": "market", "supermerc": "market", "super": "market",
    "mercado": "market", "mercados": "market", "mercearia": "market", "minimercado": "market", "hipermercado": "market",
    "hiper": "market",
    "padaria": "bread", "panificadora": "bread", "panificacao": "bread", "confeitaria": "bread",
    "acougue": "meat", "carnes": "meat", "frigorifico": "meat",
    "hortifruti": "greens", "hortifrutigranjeiros": "greens", "sacolao": "greens", "quitanda": "greens", "verdurao": "greens",
    "restaurante": "meals", "lanchonete": "meals", "pizzaria": "meals", "churrascaria": "meals", "cafeteria": "meals",
    "sorveteria": "meals", "refeicoes": "meals", "bar": "meals", "adega": "meals",
    "bazar": "wares", "variedades": "wares", "utilidades": "wares", "papelaria": "wares", "livraria": "wares",
    "presentes": "wares", "brinquedos": "wares", "calcados": "wares", "confeccoes": "wares", "tecidos": "wares",
    "moda": "wares", "modas": "wares", "moveis": "wares", "eletro": "wares", "eletrodomesticos": "wares",
    "eletronicos": "wares", "celulares": "wares", "telefonia": "wares", "informatica": "wares", "construcao": "wares",
    "ferragens": "wares", "tintas": "wares", "pneus": "wares", "baterias": "wares", "pecas": "wares", "mecanica": "wares",
    "otica": "wares", "cosmeticos": "wares", "perfumaria": "wares", "floricultura": "wares", "lavanderia": "wares",
    "hotel": "wares", "pet": "wares", "agropecuaria": "wares", "racoes": "wares"
  }'::jsonb ->> word as trade) as read
  where trade is not null
  order by array_position(array['medicine', 'fuel', 'market'], trade)
  limit 1
), 'market');

create table markets (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  legal_name text,
  street text not null,
  number text,
  district text,
  city text not null check (city <> ''),
  uf text not null check (uf ~ '^[A-Z]{2}$'),
  latitude float8 check (latitude between -90 and 90),
  longitude float8 check (longitude between -180 and 180),
  active boolean not null default true,
  city_key text not null generated always as (uf || ' ' || plain_words(city)) stored,
  trade text not null generated always as (trade_of(name || ' ' || coalesce(legal_name, ''))) stored,
  name_key text not null generated always as (name_key(name)) stored,
  legal_name_key text not null generated always as (coalesce(name_key(legal_name), '')) stored,
  street_key text not null generated always as (street_key(street)) stored,
  number_key int generated always as (number_key(number)) stored,
  created_at timestamptz not null default now(),
  check ((latitude is null) = (longitude is null))
);

create index markets_place on markets (city_key, trade) where active;

comment on column markets.name_key is 'what stores are told by; so are all columns that end in _key, and the trade';

create table market_stores (
  store_code text primary key check (store_code <> ''),
  market_id bigint not null references markets (id),
  matched_by text not null check (matched_by in ('auto', 'manual')),
  score float8 check (score between 0 and 1),
  store jsonb not null check (jsonb_typeof(store) = 'object'),
  created_at timestamptz not null default now(),
  unique (store_code, market_id),
  check ((matched_by = 'auto') = (score is not null))
);

create index market_stores_market on market_stores (market_id);

comment on column market_stores.store is 'the store as it called itself when it was matched';

create table unmatched_stores (
  store_code text primary key check (store_code <> ''),
  store jsonb not null check (jsonb_typeof(store) = 'object'),
  candidates jsonb not null check (jsonb_typeof(candidates) = 'array'),
  due boolean not null default false,
  times_seen int not null default 1 check (times_seen > 0),
  last_seen_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);

comment on column unmatched_stores.due is 'the markets have changed since it was tried';
comment on column unmatched_stores.times_seen is 'at most one an hour';

create function try_stores_again() returns trigger
language plpgsql as $$
begin
  update unmatched_stores set due = true where not due;
  return null;
end
$$;

create trigger markets_changed after insert or update or delete on markets
for each statement execute function try_stores_again();

create table products (
  id bigint generated always as identity primary key,
  name text not null check (name <> ''),
  brand text,
  unit text,
  active boolean not null default true,
  created_at timestamptz not null default now()
);

-- The last of 14 digits is what the others, every other one thrice, lack to a multiple of ten (GS1 General Specifications, 7.9).
create function is_gtin14(text) returns boolean
language sql immutable strict parallel safe
return case when $1 ~ '^\d{14}$' and $1 !~ '^0+$' then (
  select sum(substr($1, place, 1)::int * (1 + 2 * (place % 2))) % 10 = 0
  from generate_series(1, 14) as place
) else false end;

create table product_barcodes (
  gtin14 text primary key check (is_gtin14(gtin14)),
  product_id bigint not null references products (id),
  created_at timestamptz not null default now(),
  unique (gtin14, product_id)
);

create index product_barcodes_product on product_barcodes (product_id);

-- A price is of its barcode's product and in its store's market, and goes with them when they are put right.
create table prices (
  source_id text not null check (source_id <> ''),
  observed_at timestamptz not null check (observed_at >= '2015-01-01 00:00:00+00'),
  product_id bigint not null,
  market_id bigint,
  store_code text not null,
  gtin14 text not null,
  price_cents int not null check (price_cents > 0),
  description text not null,
  created_at timestamptz not null default now(),
  unique (source_id, observed_at),
  foreign key (gtin14, product_id) references product_barcodes (gtin14, product_id) on update cascade,
  foreign key (store_code, market_id) references market_stores (store_code, market_id) on update cascade
) partition by range (observed_at);

create index prices_latest on prices (product_id, market_id, observed_at desc);
create index prices_store on prices (store_code);

comment on column prices.market_id is 'null while the store is matched with none';

create function price_partition(month date) returns text
language sql immutable strict parallel safe
return to_char(month, '"prices_"YYYY"_"MM');

create function missing_price_partitions(months date[]) returns setof date
language sql volatile as $$
  select distinct date_trunc('month', given::timestamp)::date
  from unnest(months) as given
  where not exists (
    select from pg_inherits
    join pg_class on oid = inhrelid
    where inhparent = 'prices'::regclass and relname = price_partition(given)
  )
  order by 1
$$;

-- A partition is attached, not made in its place, since that would wait for every transaction that reads or writes prices.
create function ensure_price_partitions(months date[]) returns int
language plpgsql volatile as $$
declare
  month date;
  made int := 0;
  midnight constant text := 'YYYY-MM-DD" 00:00:00+00"';
begin
  if not exists (select from missing_price_partitions(months)) then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtext('esteira.price_partitions'));
  for month in select * from missing_price_partitions(months) loop
    execute format('create table %I (like prices including defaults including constraints)', price_partition(month));
    execute format(
      'alter table prices attach partition %I for values from (%L) to (%L)',
      price_partition(month), to_char(month, midnight), to_char(month + interval '1 month', midnight)
    );
    made := made + 1;
  end loop;
  return made;
end
$$;

create table price_syncs (
  id bigint generated always as identity primary key,
  run_id text not null unique,
  market_id bigint references markets (id),
  status text not null default 'running' check (status in ('running', 'completed', 'degraded', 'failed', 'cancelled')),
  stage text not null,
  markets int not null check (markets >= 0),
  products int not null check (products >= 0),
  error text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  check ((status = 'running') = (finished_at is null)),
  check (status not in ('degraded', 'failed') or error is not null)
);

comment on column price_syncs.market_id is 'the one market it was asked for; null for all';

create table price_sync_products (
  sync_id bigint not null references price_syncs (id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  outcome text not null check (outcome in ('found', 'not-found', 'failed')),
  registered int not null default 0 check (registered >= 0),
  ignored int not null default 0 check (ignored >= 0),
  error text,
  asked_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (sync_id, product_id),
  check ((outcome = 'failed') = (error is not null)),
  check (outcome = 'found' or registered + ignored = 0)
);

create index price_sync_products_asked on price_sync_products (product_id, asked_at desc) where outcome <> 'failed';
