-- Applications that share the database may have a schema of their own, in which the outbox is not found.
alter function enqueue_job(text, jsonb, jsonb) set search_path from current;
