import { bodyOf, type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { type Field, fieldsOf } from '../fields.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { VALID_CALLS } from '../valid-calls.ts';
import { losslessValues } from '../values.ts';
import { type ListId } from '../contract-types.ts';
import { LISTS, readPage } from '../walk.ts';

/** Where something that was made can be read and changed. */
interface Made {
  readonly caller: Calls;
  readonly resource: string;
  readonly params: Readonly<Record<string, string>>;
  /** As the answer of its creation has it. */
  readonly data: Item;
}

const has = (operation: string) => IMPLEMENTED_OPERATIONS.some(({ id }) => id === operation);

/** How many things are made at most until one has a later time than the first. */
const LATER_TRIES = 1_000;

/** Each field, with values that survive only if nothing of them is lost, wherever a resource goes. */
export const fieldChecks: readonly Check[] = IMPLEMENTED_OPERATIONS.filter(
  ({ id, route }) => id.endsWith('.create') && 201 in route.responses,
).flatMap(({ id, route, metadata }) => {
  const resource = id.split('.')[0]!;
  const fields = fieldsOf(metadata.bodyMediaType ? undefined : bodyOf(route));
  const changeable = has(`${resource}.update`)
    ? fieldsOf(bodyOf(IMPLEMENTED_OPERATIONS.find((other) => other.id === `${resource}.update`)!.route))
    : [];
  return [
    ...fields.map((field): Check => ({
      name: `fields: ${resource} keep ${field.name} as it is sent, wherever they are read`,
      async run({ caller }) {
        for (const value of [...losslessValues(field), ...(field.nullable ? [null] : [])]) {
          const made = await make(caller, resource, { [field.name]: value });
          demandSame(made.data[field.name], value, `${field.name} of the answer`);
          await demandKept(made);
          if (resource === 'leads') await demandBroughtBack(made);
        }
      },
    })),
    ...changeable.map((field): Check => ({
      name: `fields: ${resource}.update changes ${field.name}, and nothing else`,
      async run({ caller }) {
        for (const value of losslessValues(field)) await demandChanged(await make(caller, resource, {}), { [field.name]: value });
        if (field.nullable) await demandChanged(await make(caller, resource, { [field.name]: lastValue(field) }), { [field.name]: null });
      },
    })),
    ...changeable.map((field): Check => ({
      name: `fields: ${resource}.update of ${field.name} alone is seen in updatedAt`,
      async run({ caller }) {
        const { params, data } = await make(caller, resource, {});
        // By the clock of the server, however coarse it is.
        let now = '';
        for (let n = 0; n < LATER_TRIES && now <= String(data['updatedAt']); n++)
          now = String((await make(caller, resource, {})).data['createdAt']);
        const answer = await caller.call(`${resource}.update` as OperationId, { params, body: { [field.name]: lastValue(field) } });
        const { updatedAt } = answer.body.data;
        demand(updatedAt >= now, `updatedAt is ${updatedAt}, before ${now}`);
      },
    })),
    ...changeable.flatMap((one, i) =>
      changeable.slice(i + 1).map((two): Check => ({
        name: `fields: ${resource}.update changes ${one.name} together with ${two.name}`,
        async run({ caller }) {
          await demandChanged(await make(caller, resource, {}), { [one.name]: lastValue(one), [two.name]: lastValue(two) });
        },
      })),
    ),
  ];
});

function lastValue(field: Field): unknown {
  return losslessValues(field).at(-1);
}

async function make(caller: Calls, resource: string, fields: object): Promise<Made> {
  const operation = `${resource}.create` as OperationId;
  const call = await VALID_CALLS[operation](caller);
  const answer = await caller.call(operation, { ...call, body: { ...(call.body as object), ...fields } });
  demand(answer.status === 201, `refused: ${JSON.stringify(fields).slice(0, 200)}: ${answer.text.slice(0, 300)}`);
  const { key: _, ...data } = answer.body.data;
  const path = IMPLEMENTED_OPERATIONS.find(({ id }) => id === `${resource}.get`)?.route.path ?? '';
  const own = /:(\w+)$/.exec(path)?.[1];
  return { caller, resource, data, params: { ...call.params, ...(own && { [own]: data.id }) } };
}

/** What was made is read and listed as it was answered. */
async function demandKept({ caller, resource, params, data }: Made): Promise<void> {
  if (has(`${resource}.get`))
    demandEqual((await caller.call(`${resource}.get` as OperationId, { params })).body.data, data, 'what is read');
  const list = LISTS.find(({ id }) => id === `${resource}.list`)?.id;
  if (list) demandEqual(await listed(caller, list, params, data), data, 'what is listed');
}

async function listed(caller: Calls, list: ListId, params: Made['params'], data: Item): Promise<Item | undefined> {
  // Where many make such things at once, its own source is what finds a lead.
  const { source } = data;
  const query = list === 'leads.list' && typeof source === 'string' ? { source } : {};
  const { items } = await readPage(caller, list, { params, query: { ...query, limit: 100 } });
  return items.find(({ id }) => id === data['id']);
}

async function demandChanged(made: Made, change: Item): Promise<void> {
  const { caller, resource, params, data } = made;
  const answer = await caller.call(`${resource}.update` as OperationId, { params, body: change });
  demand(answer.status === 200, `refused: ${answer.text.slice(0, 300)}`);
  const changed: Item = answer.body.data;
  for (const [name, value] of Object.entries(change)) demandSame(changed[name], value, name);
  demandEqual(changed, { ...data, ...pick(changed, [...Object.keys(change), 'updatedAt']) }, 'the other fields');
  demand(String(changed['updatedAt']) >= String(data['updatedAt']), 'updatedAt went back');
  await demandKept({ ...made, data: changed });
}

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

/** As JSON, or as moments, the same. */
function demandSame(actual: unknown, expected: unknown, what: string): void {
  const isMoment = typeof expected === 'string' && /^\d{4}-\d\d-\d\dT.*\d\d$|Z$/.test(expected) && !Number.isNaN(Date.parse(expected));
  demandEqual(actual, isMoment ? new Date(expected).toISOString() : expected, what);
}

/** A lead is the same after it was exported and imported, and after it was backed up, deleted and restored. */
async function demandBroughtBack({ caller, params, data }: Made): Promise<void> {
  const activity = { type: 'note', text: 'Met at the fair' };
  await caller.call('activities.create', { params, body: activity });
  const record = (await caller.call('leads.exportOne', { params })).body.data;
  demandEqual(record.lead, data, 'what is exported');
  const { source, email } = data as { readonly source: string | null; readonly email: string };
  const query = source === null ? { email } : { source };
  const { text } = await caller.call('leads.export', { query });
  const line = text.split('\n').find((each) => each.includes(`"${String(data['id'])}"`));
  demandEqual(JSON.parse(line ?? 'null'), record, 'the line of the export');
  const { id: backupId } = (await caller.call('backups.create', { params })).body.data;
  demandEqual((await caller.call('backups.get', { params: { backupId } })).body.data.content, record, 'what is backed up');
  const ways = [
    ['the import', () => caller.call('leads.import', { query: { allowDuplicateEmail: 'true' }, body: line ?? '' })],
    ['the restoring', () => caller.call('backups.restore', { params: { backupId }, query: { allowDuplicateEmail: 'true' } })],
  ] as const;
  for (const [way, bringBack] of ways) {
    await caller.call('leads.delete', { params });
    await bringBack();
    demandEqual((await caller.call('leads.exportOne', { params })).body.data, record, `what is there after ${way}`);
  }
}
