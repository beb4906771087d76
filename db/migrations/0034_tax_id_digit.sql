-- An argument without a name beside one that has one: PostgreSQL shows such a body with `""` for it, which it does not take in
-- again, so that what pg_dump writes could not be restored.
create or replace function tax_id_digit(digits text, highest int) returns text
language sql immutable strict parallel safe
return (
  select case when sum % 11 < 2 then 0 else 11 - sum % 11 end::text
  from (
    select sum((ascii(substr(reverse(digits), place, 1)) - 48) * (2 + (place - 1) % (highest - 1)))::int
    from generate_series(1, length(digits)) as place
  ) as weighed (sum)
);
