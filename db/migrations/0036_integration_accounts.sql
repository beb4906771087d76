-- Of whole milliseconds, which come back from the application as they went there.
alter table integrations add begun_at timestamptz not null default date_trunc('milliseconds', now());

update integrations set begun_at = date_trunc('milliseconds', created_at);

comment on column integrations.begun_at is 'since when it is with this account there: with another it has begun anew, and nothing is known of the one before';
