-- Takes an idempotency key for this transaction. It raises where the key is not free, so that what was sent after it in the same
-- transaction does not happen: IK001 where it is in use, IK002 where it has an answer.
create or replace function claim_idempotency_key(
  p_name text, p_workspace text, p_key text, p_key_hash bytea, p_kept_since timestamptz
)
returns void
language plpgsql as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_name, 0)) then
    raise exception 'the idempotency key is in use' using errcode = 'IK001';
  end if;
  -- A statement after the lock, so that it sees what the one who held it before has kept.
  if exists (
    select from idempotency_keys
    where workspace_id = p_workspace and key_id = p_key and key_hash = p_key_hash and created_at > p_kept_since
  ) then
    raise exception 'the idempotency key has an answer' using errcode = 'IK002';
  end if;
end $$;
