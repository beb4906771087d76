import type postgres from "postgres"

/** Bytes of a row in COPY's text form, about. */
const EVENT = 170
const ORDER = 145

/** Fill a database with about so many megabytes of COPY's text form: events of JSON, orders with people's names, and some small tables. */
export async function fill(sql: postgres.Sql, megabytes: number) {
  const events = Math.round((megabytes * 0.6e6) / EVENT)
  const orders = Math.round((megabytes * 0.4e6) / ORDER)
  await sql
    .unsafe(`
    create table kinds (id int primary key, name text not null unique);
    insert into kinds select n, 'kind ' || n from generate_series(0, 6) as n;
    create table events (
      id bigint generated always as identity primary key, at timestamptz not null, kind_id int not null references kinds,
      user_id int, data jsonb, note text
    );
    insert into events (at, kind_id, user_id, data, note)
    select now() - n * interval '1 second', n % 7, n % 1000, jsonb_build_object('n', n, 'hash', md5(n::text), 'paid', n % 2 = 0),
      case when n % 3 = 0 then null else md5((n * 7)::text) || ' observação' end
    from generate_series(1, ${events}) as n;
    create index on events (user_id, at desc);
    create table orders (
      id bigint generated always as identity primary key, public_id uuid not null, customer text not null, email text not null,
      city text not null, amount_cents int not null, qty int not null, paid boolean not null, created_at timestamptz not null
    );
    insert into orders (public_id, customer, email, city, amount_cents, qty, paid, created_at)
    select md5(n::text)::uuid, 'Cliente ' || md5((n * 3)::text), 'c' || n || '@example.com',
      (array['Maringá', 'Londrina', 'Curitiba', 'São Paulo'])[1 + n % 4], ((n::bigint * 7919) % 1000000)::int, n % 9, n % 3 = 0,
      now() - n * interval '1 minute'
    from generate_series(1, ${orders}) as n;
    create index on orders (email);
    analyze;
  `)
    .simple()
}
