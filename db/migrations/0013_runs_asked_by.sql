alter table runs add column asked_by text;

comment on column runs.asked_by is 'who asked the API for it, as the audit log names them; null of what schedules and applications have asked for themselves';
