import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import { endWithUs } from './own-processes.ts';
import { until } from './until.ts';

/** Where Linux distributions put the binaries of their PostgreSQL versions, each in a directory named by its number. */
const VERSIONS = '/usr/lib/postgresql';

/**
 * The directory that has `initdb` and `postgres`: the one of `pg_config`, or the newest under `/usr/lib/postgresql`;
 * undefined where there is none, or where nobody else than root could run them, which PostgreSQL refuses.
 */
export function findBinaries(): { dir: string } | { missing: string } {
  const dir = [fromPgConfig(), ...distributionVersions()].find((candidate) => candidate && existsSync(join(candidate, 'initdb')));
  if (!dir) return { missing: `no initdb, neither by pg_config nor in ${VERSIONS}/*/bin` };
  if (process.getuid?.() === 0 && !unprivilegedUser()) return { missing: 'PostgreSQL does not run as root, and there is no user postgres' };
  return { dir };
}

/** A PostgreSQL server of its own on a free port, whose processes may be killed. */
export class PostgresCluster {
  readonly #binaries: string;
  readonly #home: string;
  readonly port: number;
  #postmaster: ReturnType<typeof spawn> | undefined;
  #admin: pg.Client | undefined;

  private constructor(binaries: string, home: string, port: number) {
    this.#binaries = binaries;
    this.#home = home;
    this.port = port;
  }

  /** Makes the cluster in a temporary directory and starts it, with these files in its data directory. */
  static create(binaries: string, files: Readonly<Record<string, string>> = {}): Promise<PostgresCluster> {
    return PostgresCluster.#make(binaries, (cluster) => {
      cluster.#run('initdb', ['-D', cluster.#dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions']);
      for (const [name, text] of Object.entries(files)) cluster.#write(name, text);
    });
  }

  /** Makes a standby of another cluster, and starts it. From then on the other acknowledges no commit before this one has it. */
  static async createStandby(primary: PostgresCluster): Promise<PostgresCluster> {
    const standby = await PostgresCluster.#make(primary.#binaries, (cluster) =>
      cluster.#run('pg_basebackup', ['-d', primary.url, '-D', cluster.#dataDir, '-R', '-c', 'fast', '--no-sync']),
    );
    await primary.#admin!.query(`alter system set synchronous_standby_names = '*'`);
    await primary.#admin!.query('select pg_reload_conf()');
    await until('the standby is synchronous', async () => {
      const { rows } = await primary.#admin!.query(`select 1 from pg_stat_replication where sync_state = 'sync'`);
      return rows.length > 0;
    });
    return standby;
  }

  static async #make(binaries: string, fill: (cluster: PostgresCluster) => void): Promise<PostgresCluster> {
    const home = mkdtempSync(join(tmpdir(), 'leads-cluster-'));
    const cluster = new PostgresCluster(binaries, home, await freePort());
    try {
      const user = unprivilegedUser();
      if (user) chownSync(home, user.uid, user.gid);
      fill(cluster);
      await cluster.start();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Stops every process of it where it is, and lets them go on. */
  async pause(): Promise<AsyncDisposable> {
    const { rows } = await this.#admin!.query<{ pid: number }>('select pid from pg_stat_activity');
    const pids = [this.#postmaster!.pid!, ...rows.map(({ pid }) => pid)];
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return {
      async [Symbol.asyncDispose]() {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      },
    };
  }

  /** Makes a standby take writes; it does when this ends. */
  async promote(): Promise<void> {
    await this.#admin!.query('select pg_promote()');
  }

  /** Starts it and waits until it takes connections; it recovers first, if it was killed. */
  async start(): Promise<void> {
    this.#admin = await until('PostgreSQL takes connections', async () => {
      // The processes of the one before can take a moment to go, and PostgreSQL does not start beside them: it is tried again.
      if (!this.#postmaster || this.#postmaster.exitCode !== null || this.#postmaster.signalCode !== null) this.#postmaster = this.#spawn();
      return this.#connect();
    });
  }

  /** Kills every process of it with SIGKILL: the postmaster first stopped, so that it neither sees nor replaces any. */
  async kill(): Promise<void> {
    const postmaster = this.#postmaster!;
    postmaster.kill('SIGSTOP');
    const { rows } = await this.#admin!.query<{ pid: number }>('select pid from pg_stat_activity');
    for (const { pid } of rows) kill(pid);
    const exited = once(postmaster, 'exit');
    postmaster.kill('SIGKILL');
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin?.end().catch(() => {});
    const postmaster = this.#postmaster;
    if (postmaster && postmaster.exitCode === null && postmaster.signalCode === null) {
      const exited = once(postmaster, 'exit');
      // An immediate shutdown: every process of it ends, and the data is thrown away anyway.
      postmaster.kill('SIGQUIT');
      await exited;
    }
    rmSync(this.#home, { recursive: true, force: true });
  }

  get #dataDir(): string {
    return join(this.#home, 'data');
  }

  #run(program: string, args: readonly string[]): void {
    execFileSync(join(this.#binaries, program), args, { cwd: this.#home, stdio: ['ignore', 'ignore', 'inherit'], ...unprivilegedUser() });
  }

  #write(name: string, text: string): void {
    const path = join(this.#dataDir, name);
    writeFileSync(path, text);
    chmodSync(path, 0o600);
    const user = unprivilegedUser();
    if (user) chownSync(path, user.uid, user.gid);
  }

  #spawn() {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      'unix_socket_directories=',
      // What a process wrote, the system keeps when the process is killed: to survive that, nothing needs to be synced.
      'fsync=off',
      'shared_buffers=32MB',
      'log_min_messages=panic',
    ];
    const args = ['-D', this.#dataDir, ...settings.flatMap((setting) => ['-c', setting])];
    return endWithUs(
      spawn(join(this.#binaries, 'postgres'), args, { cwd: this.#home, stdio: 'ignore', detached: true, ...unprivilegedUser() }),
    );
  }

  async #connect(): Promise<pg.Client | undefined> {
    const client = new pg.Client({ connectionString: this.url });
    // It breaks with the server, which is the purpose.
    client.on('error', () => {});
    return client.connect().then(
      () => client,
      () => undefined,
    );
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself after it was listed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function fromPgConfig(): string | undefined {
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function distributionVersions(): string[] {
  if (!existsSync(VERSIONS)) return [];
  const newestFirst = readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a));
  return newestFirst.map((version) => join(VERSIONS, version, 'bin'));
}

/** The user `postgres` when this is root; undefined when it is not, or there is no such user. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
