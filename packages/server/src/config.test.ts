import { expect, it } from 'vitest';
import { ConfigError, readSettings } from './config.ts';

it('has a default for every setting that needs one', () => {
  expect(readSettings({})).toEqual({
    HOST: '127.0.0.1',
    PORT: 3000,
    DATABASE_POOL_SIZE: 10,
    LEADS_DATA_DIR: '.leads',
    LEADS_WORKERS: 1,
    RATE_LIMIT_PER_HOUR: 1000,
    BACKUP_RETENTION_DAYS: 30,
    CORS_ORIGINS: [],
    LOG_LEVEL: 'info',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  });
});

it('takes an empty variable for one that is not set', () => {
  expect(readSettings({ PORT: '', DATABASE_URL: '' })).toEqual(readSettings({}));
});

it('reads the origins from a comma list', () => {
  expect(readSettings({ CORS_ORIGINS: 'https://a.example, http://localhost:5173' }).CORS_ORIGINS).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ]);
});

it.each([
  ['PORT', '65536'],
  ['PORT', '3000x'],
  ['RATE_LIMIT_PER_HOUR', '-1'],
  ['DATABASE_URL', 'mysql://localhost/leads'],
  ['DATABASE_URL', 'postgres://user:pass,word@one.internal,two.internal:5432/leads'],
  ['DATABASE_URL', 'postgres://one.internal:5432,two.internal:5432/leads?target_session_attrs=read-write'],
  ['DATABASE_URL', 'postgres://one.internal/leads?sslmode=prefer'],
  ['DATABASE_POOL_SIZE', '0'],
  ['LEADS_BOOTSTRAP_API_KEY', 'secret'],
  ['BACKUP_RETENTION_DAYS', '0'],
  ['CORS_ORIGINS', 'app.customer.test'],
  ['CORS_ORIGINS', 'https://app.customer.test/path'],
  ['LOG_LEVEL', 'loud'],
])('refuses %s=%s with a line that names the setting and not its value', (name, value) => {
  const read = () => readSettings({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(new RegExp(`^${name} must `));
  expect(read).not.toThrow(value.length > 4 ? value : /^$/);
});

it('takes a comma in a password for what it is', () => {
  const DATABASE_URL = 'postgres://user:pass,word@one.internal/leads';
  expect(readSettings({ DATABASE_URL }).DATABASE_URL).toBe(DATABASE_URL);
});

it('has a line for each setting that is wrong', () => {
  expect(() => readSettings({ PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(/^PORT .*\nLOG_LEVEL .*$/);
});
