import pg from 'pg';

/** A machine of a cluster. */
interface Machine {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly isCoordinator: boolean;
}

/** Makes a database on a cluster: on each of its machines, which do not share the list of databases, and tells the coordinator of the others. */
export async function createCitusDatabase(server: string, name: string): Promise<void> {
  const machines = await machinesOf(server);
  for (const { url } of machines) {
    await query(url, `create database ${name}`);
    await query(inDatabase(url, name), 'create extension citus');
  }
  const coordinator = inDatabase(server, name);
  for (const { host, port, isCoordinator } of machines) {
    if (isCoordinator) await query(coordinator, `select citus_set_coordinator_host('${host}', ${port})`);
    else await query(coordinator, `select citus_add_node('${host}', ${port})`);
  }
  if (machines.length === 1)
    await query(coordinator, `select citus_set_node_property('${machines[0]!.host}', ${machines[0]!.port}, 'shouldhaveshards', true)`);
}

/** Drops the databases of a cluster whose names begin with `prefix`, on each of its machines. */
export async function dropCitusDatabases(server: string, prefix: string): Promise<void> {
  for (const { url } of await machinesOf(server)) {
    const databases = await query<{ name: string }>(url, `select datname as name from pg_database where starts_with(datname, '${prefix}')`);
    for (const { name } of databases) await query(url, `drop database if exists ${name} with (force)`);
  }
}

/** The machines of a cluster, as the database of its URL knows them; the coordinator first. */
export async function machinesOf(server: string): Promise<readonly Machine[]> {
  const rows = await query<{ host: string; port: number; coordinator: boolean }>(
    server,
    'select nodename as host, nodeport as port, groupid = 0 as coordinator from pg_dist_node order by groupid',
  );
  return rows.map(({ host, port, coordinator }) => {
    const url = new URL(server);
    url.hostname = host;
    url.port = String(port);
    return { host, port, url: url.href, isCoordinator: coordinator };
  });
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function query<Row extends pg.QueryResultRow>(connectionString: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
