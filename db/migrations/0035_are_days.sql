-- By name: pg_dump writes "" for what has none, which nothing takes in.
create or replace function are_days(days int[], lowest int, highest int) returns boolean
language sql immutable parallel safe
return cardinality(days) <= 10 and array_position(days, null) is null and lowest <= all (days) and highest >= all (days);
