-- The erasure because of which nobody with this folded e-mail address, or with these digits of a phone number, may come in; null
-- where there is none. Asked by whatever brings a person in: an erasure of the workspace waits for its end, and it for the erasure's.
create or replace function suppressing_erasure(p_workspace text, p_email text, p_phone text)
returns text
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('erasures of ' || p_workspace, 0));
  -- A statement after the lock, so that it sees what an erasure did; and cheap while the list is empty.
  -- Not with exists, for which the plan could be to read all of the other workspaces.
  if (select hash from suppressions where workspace_id = p_workspace order by hash limit 1) is null then return null; end if;
  return (
    select min(erasure_id) from suppressions
    where workspace_id = p_workspace
      and hash in (person_hash(p_workspace, 'email', p_email), person_hash(p_workspace, 'phone', p_phone)));
end $$;
