-- The provider knows the key of a mail for a day. Handed over again later, a mail that it had taken would be sent twice.
alter table email_messages
  add column in_doubt_since timestamptz check (in_doubt_since is null or status in ('sending', 'failed'));

comment on column email_messages.in_doubt_since is 'since when the provider may have it, and nobody knows';

update email_messages set in_doubt_since = created_at where status in ('sending', 'failed');
