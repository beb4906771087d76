-- Who brings pushes to a device: that a device is gone does not take from its pushes whom they were sent by.
alter table push_subscriptions add service text not null generated always as (
  case channel when 'webpush' then coalesce(substring(endpoint from '^https?://[^/?#]+'), '') else 'https://exp.host' end
) stored;

alter table push_deliveries add service text;

update push_deliveries
set service = coalesce(
  (select service from push_subscriptions where push_subscriptions.id = subscription_id),
  case push_deliveries.channel when 'expo' then 'https://exp.host' else '' end
);

alter table push_deliveries alter service set not null;

comment on column push_deliveries.service is 'who brings it to the device: the origin of its push service';

drop index push_deliveries_due;
create index push_deliveries_due on push_deliveries (due_at, service) where status in ('pending', 'sending');

create table push_services (
  name text primary key,
  resting_until timestamptz not null,
  created_at timestamptz not null default now()
);

create index push_services_resting on push_services (resting_until);

comment on table push_services is 'push services that have asked to be left alone, by the origin of their URLs';
