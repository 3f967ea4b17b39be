-- False for an answer that holds nothing but what the receipt of a deletion holds, too.

alter table idempotency_keys add column sealed boolean not null default true;
