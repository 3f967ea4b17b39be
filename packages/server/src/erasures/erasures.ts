import { type contract, type Erasure, ERASURE_MAX_LEADS, type PersonCounts } from '@leads/contract';
import { appendAudit } from '../audit/append-audit.ts';
import { run } from '../db/database.ts';
import { erasePerson, personTraces } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Deps } from '../deps.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler, OperationRequest } from '../http/implement.ts';
import { fold, foldPhone } from '../leads/fold.ts';
import { requireForce } from '../leads/force.ts';
import { leadNotFound } from '../leads/lead-row.ts';

type Erasures = typeof contract.erasures;

/** The operations that erase persons, implemented. */
export function erasures(deps: Deps): Implementation<Erasures> {
  return { create: createErasure(deps), get: getErasure(), liftSuppression: liftSuppression(deps) };
}

/** What a receipt reminds of. */
const OUTSIDE = [
  'Copies of the database that its operator makes, its replicas and its write-ahead log',
  'Files that somebody exported, and systems that they were brought into',
  'Texts about the person in other leads, and personal data that was written into reasons',
];
const COLUMNS = 'id, at, key_id, request_id, removed, lifted_at';

interface ErasureRow {
  readonly id: string;
  readonly at: string;
  readonly key_id: string;
  readonly request_id: string;
  readonly removed: PersonCounts;
  readonly lifted_at: string | null;
}

function createErasure(deps: Deps): OperationHandler<Erasures['create']> {
  return async (request) => {
    if (request.body.force) requireForce(request.caller);
    return request.body.planToken === undefined ? plan(deps, request) : erase(deps, request, request.body.planToken);
  };
}

type Request = OperationRequest<Erasures['create']>;

async function plan({ tokens }: Deps, { body, caller, refuse, db }: Request) {
  const [traces] = await personTraces.call(db, { workspace: caller.workspaceId, ...personOf(body) });
  const { leads, blocked, subject, fingerprint, removed } = traces!;
  if (body.leadId !== undefined && leads === 0) throw refuse('LEAD_NOT_FOUND', leadNotFound(body.leadId));
  if (leads! > ERASURE_MAX_LEADS) throw refuse('ERASURE_TOO_LARGE', { found: leads!, limit: ERASURE_MAX_LEADS });
  const { token, expiresAt } = tokens.sign([
    'erasure',
    caller.workspaceId,
    String(leads),
    subject!.toString('hex'),
    fingerprint!.toString('hex'),
  ]);
  const found = removed as PersonCounts;
  return {
    status: 200,
    body: { success: true, data: { dryRun: true, found, blocked: blocked!, planToken: token, planExpiresAt: expiresAt } },
  } as const;
}

async function erase({ tokens, now, newId }: Deps, { body, caller, requestId, refuse, db }: Request, planToken: string) {
  const read = tokens.read(planToken);
  if ('problem' in read) throw refuse('PLAN_TOKEN_INVALID', { reason: read.problem });
  const [purpose, workspaceId, planned, subject, fingerprint] = read.content;
  if (purpose !== 'erasure') throw refuse('PLAN_TOKEN_INVALID', { reason: 'unreadable' });
  if (workspaceId !== caller.workspaceId) throw refuse('PLAN_TOKEN_INVALID', { reason: 'other_plan' });
  return inTransaction(db, async (transaction) => {
    const id = newId('erasure');
    const [outcome] = await erasePerson.call(transaction, {
      workspace: workspaceId,
      ...personOf(body),
      subject: Buffer.from(subject!, 'hex'),
      fingerprint: Buffer.from(fingerprint!, 'hex'),
      force: body.force ?? false,
      erasure: id,
      at: now(),
      key: caller.keyId,
      request: requestId,
    });
    const { code, leads, blocked_id: leadId, blockers } = outcome!;
    if (code === 'PLAN_TOKEN_INVALID') throw refuse(code, { reason: 'other_plan' });
    if (code === 'PLAN_DRIFTED') throw refuse(code, { planned: Number(planned), found: leads! });
    if (code === 'LEAD_IN_USE') throw refuse(code, { leadId: leadId!, campaigns: blockers as { id: string; name: string }[] });
    const [row] = await run<ErasureRow>(transaction, `select ${COLUMNS} from erasures where workspace_id = $1 and id = $2`, [
      workspaceId,
      id,
    ]);
    return { status: 200, body: { success: true, data: { dryRun: false, erasure: toErasure(row!) } } } as const;
  });
}

/** Who is meant, as the database's functions take it. */
function personOf({ leadId, email, phone }: Request['body']) {
  return {
    lead: leadId === undefined ? null : searchable(leadId),
    email: email === undefined ? null : fold(email),
    phone: phone === undefined ? null : foldPhone(phone),
    max_leads: ERASURE_MAX_LEADS,
  };
}

function getErasure(): OperationHandler<Erasures['get']> {
  return async ({ params: { erasureId }, caller, refuse, db }) => {
    const values = [caller.workspaceId, searchable(erasureId)];
    const [row] = await run<ErasureRow>(db, `select ${COLUMNS} from erasures where workspace_id = $1 and id = $2`, values);
    if (!row) throw refuse('ERASURE_NOT_FOUND', { erasureId, message: 'No erasure found with this ID in your workspace' });
    return { status: 200, body: { success: true, data: toErasure(row) } };
  };
}

const LIFT = `
  with lifted as (delete from suppressions where workspace_id = $1 and erasure_id = $2)
  update erasures set lifted_at = $3 where workspace_id = $1 and id = $2 and lifted_at is null returning id`;

function liftSuppression({ now }: Deps): OperationHandler<Erasures['liftSuppression']> {
  return ({ params: { erasureId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const at = now();
      const [lifted] = await run(transaction, LIFT, [caller.workspaceId, searchable(erasureId), at]);
      if (!lifted) throw refuse('SUPPRESSION_NOT_FOUND', { erasureId, message: 'No erasure with this ID keeps anybody away' });
      await appendAudit(transaction, at, { caller, requestId }, { action: 'erasure.suppression_lifted', details: { erasureId } });
      const data = { id: erasureId, liftedAt: at.toISOString() };
      return { status: 200, body: { success: true, message: 'Suppression lifted successfully', data } };
    });
}

function toErasure(row: ErasureRow): Erasure {
  return {
    id: row.id,
    erasedAt: row.at,
    keyId: row.key_id,
    requestId: row.request_id,
    removed: row.removed,
    suppressionLiftedAt: row.lifted_at,
    outside: OUTSIDE,
  };
}
