-- What goes with age is found by its age.
create index email_messages_at on email_messages (created_at);
create index price_sync_products_at on price_sync_products (asked_at);

-- The keys of stored files, in the order in which storages list them.
create index reports_file on reports (storage_key collate "C");
create index invoice_documents_file on invoice_documents (storage_key collate "C");
create index exports_file on exports (file_key collate "C") where file_key is not null;

-- People are told how long what is kept of them is kept.
update processing_activities
set retention = 'Cobranças e avisos de contrato, 5 anos após o envio; os demais, ao menos 9 dias'
where category = 'emails';
