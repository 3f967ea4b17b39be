import { type Kysely, sql } from 'kysely';

/** The functions that take an idempotency key, and that delete a lead and keep the answer in one statement. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [SEALED, CLAIM, DELETE_ONCE]) await sql.raw(statement).execute(db);
}

// False for an answer that holds nothing but what the receipt of a deletion holds, too.
const SEALED = 'alter table idempotency_keys add column sealed boolean not null default true';

// Takes an idempotency key for this transaction. It raises where the key is not free, so that what was sent after it in the
// same transaction does not happen.
const CLAIM = `
  create function claim_idempotency_key(p_name text, p_workspace text, p_key text, p_key_hash bytea, p_kept_since timestamptz)
  returns void language plpgsql as $$
  begin
    if not pg_try_advisory_xact_lock(hashtextextended(p_name, 0)) then
      raise exception 'the idempotency key is in use' using errcode = 'IK001';
    end if;
    -- A statement after the lock, so that it sees what the one who held it before has kept.
    if exists (
      select from idempotency_keys where workspace_id = p_workspace and key_id = p_key and key_hash = p_key_hash and created_at > p_kept_since
    ) then
      raise exception 'the idempotency key has an answer' using errcode = 'IK002';
    end if;
  end $$`;

// The answer is made beforehand, but for the id of the backup.
const DELETE_ONCE = `
  create function delete_lead_once(
    p_name text, p_key_hash bytea, p_kept_since timestamptz, p_request_hash bytea, p_answer text, p_backup_place text,
    p_workspace text, p_id text, p_version text, p_state bytea, p_force boolean, p_backup boolean, p_erase boolean,
    p_at timestamptz, p_backups_expire_at timestamptz, p_key text, p_request text, p_reason text
  ) returns table (code text, backup_id text, version uuid, blockers jsonb) language plpgsql as $$
  #variable_conflict use_column
  begin
    perform claim_idempotency_key(p_name, p_workspace, p_key, p_key_hash, p_kept_since);
    select deleted.code, deleted.backup_id, deleted.version, deleted.blockers into code, backup_id, version, blockers
    from delete_leads(
      p_workspace, array[p_id], array[p_version], p_state, p_force, p_backup, p_erase, false, p_at, p_backups_expire_at, p_key, p_request, null, p_reason
    ) as deleted;
    if code is null then
      insert into idempotency_keys values (
        p_workspace, p_key, p_key_hash, p_request_hash, null,
        convert_to(replace(p_answer, p_backup_place, coalesce(backup_id, '')), 'UTF8'), p_at, false
      ) on conflict (workspace_id, key_id, key_hash) do update
      set request_hash = excluded.request_hash, lead_id = null, answer = excluded.answer, created_at = excluded.created_at, sealed = false;
    end if;
    return next;
  end $$`;
