-- Runs that did not complete are what is looked for most, and there are few of them: an index of them alone costs the others nothing.
create index runs_uncompleted on runs (finished_at, id) where status <> 'completed';
create index runs_uncompleted_of_queue on runs (queue, finished_at, id) where status <> 'completed';
