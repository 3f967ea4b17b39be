import pg from 'pg';
import { leadId } from './requests.ts';

/** The PostgreSQL server that the databases are made on. */
const ADMIN_URL = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Makes an empty database and returns its URL. */
export async function createDatabase(name: string): Promise<string> {
  await once({ connectionString: ADMIN_URL }, (client) => client.query(`create database ${name}`));
  const url = new URL(ADMIN_URL);
  url.pathname = name;
  return url.href;
}

export async function dropDatabase(name: string): Promise<void> {
  await once({ connectionString: ADMIN_URL }, (client) => client.query(`drop database if exists ${name} with (force)`));
}

/** Runs `work` on one connection of its own. */
export async function once<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The last name of 20 leads, however many there are. */
export const RARE_NAME = 'Quixanova';
/** In the e-mail address of two leads in five. */
export const COMMON_TEXT = 'example.com';

const FIRST_NAMES =
  'Ada Alan Amara Anna Bela Boris Carla Chen Dana Diego Elif Emma Eva Farid Fatima Felix Grace Hana Hugo Ines Ivan Jane Jens John Kaito Karin Lars Leila Linus Lucia Maja Marco Maria Mei Mira Nadia Noah Nora Olga Omar Otto Paul Petra Priya Rosa Samir Sara Sofia Tariq Tom Uma Vera Viktor Wei Yara Yusuf Zoe';
const LAST_NAMES =
  'Smith Garcia Chen Muller Okafor Khan Silva Rossi Novak Kowalski Ivanov Tanaka Nguyen Larsen Dubois Haddad Cohen Murphy Santos Popescu Andersson Fischer Weber Bauer Costa Moreau Laurent Petrov Yilmaz Demir Kaya Horvat Nagy Szabo Jansen Visser Bakker Nielsen Hansen Olsen Virtanen Korhonen Ozturk Mensah Abebe Diallo Traore Mwangi Castillo Ramirez Flores Vargas Mendoza Herrera Quispe Sato Suzuki Kim Park Singh Patel Sharma Gupta';

/** As a list of leads looks: few sources, uneven statuses, many people of one name, addresses at few domains. */
const SEED = `
  insert into leads (workspace_id, id, name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at)
  select $1, 'lead_keep' || lpad(i::text, 20, '0'), name, email, lower(name), lower(email),
    '+1-555-' || lpad((i % 10000)::text, 4, '0'),
    case when i % 500 = 0 then 'trade fair' else (array['website', 'website', 'referral', 'newsletter', null])[1 + (hashint4(i + 2) & 65535) % 5] end,
    case when i % 200 = 0 then 'follow_up' else (array['new', 'new', 'new', 'contacted', 'contacted', 'qualified', 'converted', 'lost'])[1 + (hashint4(i + 3) & 65535) % 8] end,
    jsonb_build_object('company', last_name || ' Ltd', 'interest', 'enterprise plan'),
    at, at + (hashint4(i) & 1023) * interval '1 minute'
  from (
    select i, at, last_name, first_name || ' ' || last_name as name,
      first_name || '.' || last_name || i || '@' || (array['example.com', 'example.com', 'example.org', 'mail.example.net', 'firma.example'])[1 + i % 5] as email
    from (
      select i, timestamptz '2026-01-01' - interval '1 year' * (1 - i::float / $2) as at,
        ($3::text[])[1 + (hashint4(i) & 65535) % cardinality($3::text[])] as first_name,
        case when i % ($2 / 20) = 0 then $5 else ($4::text[])[1 + (hashint4(i + 1) & 65535) % cardinality($4::text[])] end as last_name
      from generate_series(1, $2::integer) as i
    ) as people
  ) as people`;

/** Fills a workspace of a migrated database with this many leads, indexes and counts included. */
export async function seed(client: pg.Client, leads: number, workspace = 'default'): Promise<void> {
  const { rows } = await client.query<{ indexdef: string; indexname: string }>(
    `select indexname, indexdef from pg_indexes where tablename = 'leads' and indexname <> 'leads_pkey'`,
  );
  // An index over rows that are there is made in a fraction of the time that it takes to grow with them.
  const rebuild = leads > 100_000;
  await client.query(`set maintenance_work_mem = '1GB'`);
  if (rebuild) for (const { indexname } of rows) await client.query(`drop index ${indexname}`);
  const { rows: found } = await client.query<{ id: string }>('select id from workspaces where name = $1', [workspace]);
  const values = [found[0]!.id, leads, FIRST_NAMES.split(' '), LAST_NAMES.split(' '), RARE_NAME];
  await client.query(SEED, values);
  if (rebuild) for (const { indexdef } of rows) await client.query(indexdef);
  // The counters, too, of which every lead that was inserted left a former version.
  await client.query('vacuum analyze');
}

/** Makes this many workspaces beside that of the seed, one after the other, each with leads like its own. */
export async function seedOthers(client: pg.Client, workspaces: number): Promise<void> {
  for (let i = 0; i < workspaces; i++)
    await client.query(
      `with other as (insert into workspaces values ('other_' || $1::text, 'other ' || $1::text, now()) returning id)
       insert into leads (workspace_id, id, name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at)
       select other.id, leads.id, leads.name, email, name_lower, email_lower, phone, source, status, metadata, leads.created_at, updated_at
       from other, leads join workspaces on workspaces.id = workspace_id and workspaces.name = 'default'`,
      [i],
    );
  await client.query('vacuum analyze');
}

/** Takes away what a run left beside the seeded leads, and makes leads for one that deletes. */
export async function restore(client: pg.Client, toDelete: number): Promise<void> {
  await client.query(`delete from leads where id not like 'lead_keep%'`);
  // All tables: a PostgreSQL without autovacuum keeps every former version of the rows that count.
  await client.query('vacuum');
  if (toDelete === 0) return;
  await client.query(
    `insert into leads select workspace_id, 'lead_delete' || lpad(i::text, 20, '0'), name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at
     from leads, generate_series(1, $2::integer) as i where id = $1`,
    [leadId(1), toDelete],
  );
}
