import { type Lead, LeadStatusSchema } from '@leads/contract';
import { HttpConnection } from './http-connection.ts';
import type { Ledger } from './ledger.ts';

const ORDERS = ['createdAt', 'updatedAt', 'name', 'email', 'status'] as const;

/**
 * Reads all leads in every order that there is, each by an index of its own, and compares them with the ledger, the
 * orders with each other, and the counts with the leads. Nobody may write meanwhile.
 * @returns what does not agree; nothing, when all is well.
 */
export async function checkLeads(url: string, apiKey: string, ledger: Ledger): Promise<string[]> {
  const connection = new HttpConnection(url, apiKey);
  try {
    const [leads, ...others] = await Promise.all(ORDERS.map((sortBy) => readAll(connection, sortBy)));
    const problems = [...new Set([leads!, ...others].flatMap((walk) => walk.problems))];
    const all = leads!.leads;
    const ids = idsOf(all);
    others.forEach((walk, i) => {
      if (idsOf(walk.leads) !== ids) problems.push(`the list by ${ORDERS[i + 1]} has other leads than the one by ${ORDERS[0]}`);
    });
    const expectTotal = async (query: string, count: number) => {
      const { total } = (await page(connection, `${query}&limit=1`)).pagination;
      if (total !== count) problems.push(`the total of ${query} is ${total}, and there are ${count}`);
    };
    await Promise.all([
      ...LeadStatusSchema.options.map((status) => expectTotal(`status=${status}`, all.filter((lead) => lead.status === status).length)),
      ...[...new Set(all.map(({ source }) => source))]
        .filter((source) => source !== null)
        .map((source) => expectTotal(`source=${source}`, all.filter((lead) => lead.source === source).length)),
      expectTotal('search=writer1-', all.filter(({ email }) => email.includes('writer1-')).length),
    ]);
    return [...ledger.compare(all), ...problems];
  } finally {
    connection.close();
  }
}

interface Page {
  leads: Lead[];
  pagination: { total: number; nextCursor: string | null };
}

async function readAll(connection: HttpConnection, sortBy: string): Promise<{ leads: Lead[]; problems: string[] }> {
  const leads: Lead[] = [];
  const totals = new Set<number>();
  let cursor: string | null = null;
  do {
    const { leads: some, pagination }: Page = await page(
      connection,
      `sortBy=${sortBy}&limit=100${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    leads.push(...some);
    totals.add(pagination.total);
    cursor = pagination.nextCursor;
  } while (cursor !== null);
  const isTrue = totals.size === 1 && totals.has(leads.length);
  return { leads, problems: isTrue ? [] : [`the total of all leads is ${[...totals].join(' and ')}, and there are ${leads.length}`] };
}

async function page(connection: HttpConnection, query: string): Promise<Page> {
  const { answer, failure } = await connection.send('GET', `/api/v1/leads?${query}`);
  if (answer?.status !== 200) throw new Error(`GET /api/v1/leads?${query}: ${failure ?? JSON.stringify(answer)}`);
  return answer.body.data;
}

function idsOf(leads: readonly Lead[]): string {
  return leads
    .map(({ id }) => id)
    .toSorted()
    .join();
}
