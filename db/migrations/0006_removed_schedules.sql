alter table schedules
  add column removed_at timestamptz,
  add column upheld_at timestamptz not null default now();

comment on column schedules.removed_at is 'since when it is declared no longer; its pause and how far it had come are kept';
comment on column schedules.upheld_at is 'when a process that would have it just so, removed or not, was last heard of';
