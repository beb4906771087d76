alter table webhook_deliveries
  add column taken_at timestamptz,
  add column attempts_before int not null default 0,
  add constraint webhook_deliveries_attempts_before check (attempts_before between 0 and attempts);

comment on column webhook_deliveries.taken_at is 'since when a worker is at it; null between tries';
comment on column webhook_deliveries.attempts_before is 'tries before it was last asked to be sent again, from when on it is tried as often as at first';
