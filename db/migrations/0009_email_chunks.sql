-- The mails of a run are sent in chunks. Which of them a chunk has is settled before it is first sent: its key at the provider stands for that body alone.
alter table email_messages add column chunk int not null default 0 check (chunk >= 0);

-- A mail that was refused for good, while others of its run were taken.
alter table email_messages drop constraint email_messages_status_check;
alter table email_messages add constraint email_messages_status_check
  check (status in ('sending', 'sent', 'failed', 'refused', 'suppressed'));
