-- A database with one of nearly everything that a schema can have, and rows that are hard to carry.
create extension if not exists pg_trgm; create extension if not exists citext; create extension if not exists btree_gist;
create schema "Odd Schema";
create type mood as enum ('sad','it''s ok','happy');
create domain cents as bigint default 0 check (value >= 0);
create type point3 as (x float8, y float8, z numeric(10,2));
create type timerange as range (subtype = time);
create function plus_one(int) returns int language sql immutable return $1 + 1;
create function half_named(int, "m""o"" r" int) returns text language sql immutable return (select $1 + "m""o"" r" + sum(n) || ' "" ''""' from generate_series(1, $1) as n);
create function old_style(text) returns text language sql immutable as $$ select upper($1) $$;
create sequence loose start 10 increment 5 cycle maxvalue 100;
create table "Odd Schema"."Weird ""Table" ("Select" int primary key, "a b" text collate "C" not null default 'x''y', val mood default 'sad');
create table zoo (
  id bigint generated always as identity (start 100 increment 2) primary key,
  small smallint, real4 real, dbl float8, num numeric(20,5), flag boolean, txt text, vc varchar(20), ch char(5), ci citext,
  bin bytea, ts timestamp, tz timestamptz, d date, t time, iv interval, u uuid, j json, jb jsonb, xm xml, ip inet, bits bit varying(10),
  arr int[], arr2 text[][], moods mood[], p point3, ps point3[], r int4range, mr int4multirange, tr timerange, c cents, o oid default 3,
  doubled int generated always as (plus_one(small::int) * 2) stored, tsv tsvector generated always as (to_tsvector('simple', coalesce(txt,''))) stored,
  shout text default old_style('hi'), n int default nextval('loose'),
  constraint "odd check" check (small is null or plus_one(small::int) > -100), unique (u), 
  exclude using gist (r with &&)
) with (fillfactor = 90);
create index zoo_trgm on zoo using gin (txt gin_trgm_ops) where flag;
create index zoo_expr on zoo (lower(txt) desc nulls last) include (d);
alter table zoo replica identity full;
create table serial_old (id serial primary key, zoo_id bigint references zoo on delete cascade deferrable initially deferred, again bigint);

alter table serial_old add constraint bad check (again <> 5) not valid;
create table no_key (a int, b text);
create table no_columns ();
create table parted (id int not null, at timestamptz not null, k text, note text, primary key (id, at), unique (k, at)) partition by range (at);
create table parted_1 partition of parted for values from ('2026-01-01') to ('2026-02-01');
create table parted_2 (gone int, note text default 'part', k text not null, at timestamptz not null, id int not null);
alter table parted_2 drop column gone;
alter table parted attach partition parted_2 for values from ('2026-02-01') to ('2026-03-01');
create table parted_sub partition of parted for values from ('2026-03-01') to ('2026-04-01') partition by range (at);
create table parted_sub_a partition of parted_sub for values from ('2026-03-01') to ('2026-03-15');
create table parted_sub_d partition of parted_sub default;
create table parted_default partition of parted default;
create index parted_note on parted (note);
create table refs_parted (id int, at timestamptz, foreign key (id, at) references parted);
create table listed (k text, n int) partition by hash (k);
create table listed_0 partition of listed for values with (modulus 2, remainder 0);
create table listed_1 partition of listed for values with (modulus 2, remainder 1);
create table mother (a int not null check (a > 0), b text);
create table child (c int) inherits (mother);
create unlogged table hasty (id int primary key);
create view v1 as select id, count(*) over () n from zoo where flag;
create view v_pk as select z.id, z.txt, count(s.id) from zoo z left join serial_old s on s.zoo_id = z.id group by z.id;
create materialized view mv as select mood, count(*) from (select val mood from "Odd Schema"."Weird ""Table") x group by 1;
create unique index mv_mood on mv (mood);
create function of_view() returns setof v1 language sql stable as $$ select * from v1 $$;
create function of_table(zoo) returns text language sql immutable return ($1).txt;
create procedure proc(int) language plpgsql as $$ begin perform 1; end $$;
create function trg() returns trigger language plpgsql as $$ begin new.b := coalesce(new.b,'') || '!'; return new; end $$;
create trigger t_no_key before insert on no_key for each row when (new.a > 3) execute function trg();
create trigger t_off before update on no_key for each row execute function trg();
alter table no_key disable trigger t_off;
create rule r_no as on delete to no_columns do instead nothing;
alter table no_key enable row level security;
create policy pol on no_key for select using (a > 0);
create statistics zoo_stat (dependencies) on small, flag from zoo;
comment on table zoo is 'it''s a zoo'; comment on column zoo.txt is 'text'; comment on function plus_one(int) is 'adds'; comment on type mood is 'm'; comment on constraint "odd check" on zoo is 'c'; comment on view v1 is 'v'; comment on index zoo_trgm is 'i'; comment on domain cents is 'd'; comment on trigger t_off on no_key is 'off'; comment on schema "Odd Schema" is 'odd'; comment on type point3 is 'p';
create table ident_parted (id bigint generated by default as identity, k int, primary key (id, k)) partition by list (k);
create table ident_parted_1 partition of ident_parted for values in (1);
insert into zoo (small,real4,dbl,num,flag,txt,vc,ch,ci,bin,ts,tz,d,t,iv,u,j,jb,xm,ip,bits,arr,arr2,moods,p,ps,r,mr,tr)
 select g, g/3.0, g/7.0, g*1.1, g%2=0, case g%4 when 0 then null when 1 then '' when 2 then E'a\tb\nc\\d\re\u00e7\u00e3o \\N' else '\.' end, 'v'||g, 'c', 'CiText', decode(md5(g::text),'hex'), '2026-01-01', now(), '0044-03-15 BC', '12:00', interval '1 year -3 days 04:05', gen_random_uuid(), '{"a" : 1.00}', '{"b": 1.00}', '<a/>', '10.0.0.0/8', B'101', array[g,null,3], array[['a',null],['b','c,"{']], array['sad','it''s ok']::mood[], row(g,'NaN'::float8,1.5)::point3, array[row(1,2,3)::point3,null], int4range(g*2,g*2+1), '{[1,2),[5,6)}', timerange('10:00','11:00') from generate_series(1,50) g;
insert into serial_old (zoo_id, again) select 100 + 2*g, 1 from generate_series(0,10) g on conflict do nothing;
set constraints all immediate;
alter table serial_old add constraint later foreign key (again) references zoo not valid;
insert into no_key values (1,null),(1,null),(2,''),(5,'x');
insert into no_columns select from generate_series(1,3);
insert into parted select g, '2026-01-15'::timestamptz + g * interval '20 days', 'a', 'n' from generate_series(0,6) g where g < 4 or g > 5;
insert into listed select 'k'||g, g from generate_series(1,20) g;
insert into mother values (1,'m'); insert into child values (2,'c',3);
insert into "Odd Schema"."Weird ""Table" values (1,'é','happy'),(2,'','sad');
insert into ident_parted (k) values (1),(1);
refresh materialized view mv;
select setval('loose', 61);
