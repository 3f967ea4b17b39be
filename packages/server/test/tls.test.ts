import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../src/config.ts';
import { explainStart } from '../src/start-error.ts';
import { findBinaries, PostgresCluster } from './crash/postgres-cluster.ts';
import { temporaryDirectory } from './crash/temporary-directory.ts';

const binaries = findBinaries();
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const missing = 'missing' in binaries ? binaries.missing : hasOpenssl ? undefined : 'there is no openssl to make a certificate with';
if (missing !== undefined) console.warn(`TLS to the database is not tried: ${missing}`);

describe.skipIf(missing !== undefined)('an encrypted connection to the database', () => {
  const home = temporaryDirectory();
  const certificate = join(home.path, 'server.crt');
  let cluster: PostgresCluster;
  beforeAll(async () => {
    const key = join(home.path, 'server.key');
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const names = ['-subj', '/CN=db.internal', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    cluster = await PostgresCluster.create((binaries as { dir: string }).dir, {
      'server.crt': readFileSync(certificate, 'utf8'),
      'server.key': readFileSync(key, 'utf8'),
      'postgresql.auto.conf': 'ssl = on\n',
      // The cluster's own connection goes to the database `postgres`.
      'pg_hba.conf': 'host postgres all all trust\nhostssl all all all trust\n',
    });
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    home[Symbol.dispose]();
  });

  /** Whether the connection is encrypted, or what a person is told. */
  async function connect(parameters: string, host = '127.0.0.1'): Promise<boolean | string> {
    const url =
      cluster.url.replace('127.0.0.1', host).replace(/postgres$/, 'template1') +
      parameters.replace('CERTIFICATE', encodeURIComponent(certificate));
    let client: pg.Client | undefined;
    try {
      client = new pg.Client({ connectionString: readSettings({ DATABASE_URL: url }).DATABASE_URL! });
      client.on('error', () => {});
      await client.connect();
      return (await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).rows[0].ssl;
    } catch (error) {
      return explainStart(error);
    } finally {
      await client?.end().catch(() => {});
    }
  }

  it.each(['?sslmode=require', '?sslmode=verify-ca&sslrootcert=CERTIFICATE', '?sslmode=verify-full&sslrootcert=CERTIFICATE'])(
    'is made with %s',
    async (parameters) => {
      expect(await connect(parameters)).toBe(true);
    },
  );

  it('is made to a host that the certificate does not name with verify-ca, and with verify-full it is said why not', async () => {
    expect(await connect('?sslmode=verify-ca&sslrootcert=CERTIFICATE', 'localhost')).toBe(true);
    expect(await connect('?sslmode=verify-full&sslrootcert=CERTIFICATE', 'localhost')).toMatch(
      /^The database cannot be used: .*altnames.*\. With sslmode=verify-full the host must be the one that the certificate names/,
    );
  });

  it.each([
    ['', /^The database cannot be used: .*no encryption\. PostgreSQL wants an encrypted connection: add sslmode=verify-full\.$/],
    ['?sslmode=disable', /no encryption\. PostgreSQL wants an encrypted connection/],
    [
      '?sslmode=verify-full',
      /^The database cannot be used: self-signed certificate.*\. With sslmode=verify-full .* sslrootcert=<file> must have/,
    ],
    [
      '?sslmode=verify-full&sslrootcert=/nowhere/ca.crt',
      /^The database cannot be used: ENOENT: .*'\/nowhere\/ca\.crt'\. Check DATABASE_URL\.$/,
    ],
    ['?sslmode=prefer', /DATABASE_URL must have an sslmode of disable, require, verify-ca, verify-full, or none$/],
  ])('with “%s” it is said why there is none, and what to do', async (parameters, expected) => {
    expect(await connect(parameters)).toMatch(expected);
  });
});
