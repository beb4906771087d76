-- New entries belong at the end of their queue, where PostgreSQL inserts for a third of what it costs at the beginning.
drop index runs_latest;
create index runs_latest on runs (queue, finished_at, id);
