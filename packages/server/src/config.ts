import { availableParallelism } from 'node:os';
import { API_KEY_PATTERN } from '@leads/contract';
import * as z from 'zod';

/** A setting is missing or wrong; the message has a line for each. */
export class ConfigError extends Error {}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .meta({ type: 'integer', minimum: min, maximum: max });

const origins = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
  )
  .refine(
    (list) => list.every((origin) => origin === '*' || isOrigin(origin)),
    'must be * or a comma list of origins such as https://app.example.com',
  );

const workers = z
  .string()
  .regex(/^(auto|[1-9]\d{0,2})$/, 'must be auto or a whole number from 1 to 999')
  .transform((value) => (value === 'auto' ? availableParallelism() : Number(value)));

const otlpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL such as http://collector:4318' });

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/./, 'must begin with postgres:// or postgresql://')
  .refine(
    (url) => !/^\w+:\/\/(?:[^/?#]*@)?[^/?#@]*,[^/?#@]*(?:[/?#]|$)/.test(url),
    'must name one host: an address that leads to the server that takes writes, also after a standby was promoted',
  )
  .refine((url) => URL.canParse(url), 'must be a URL')
  .refine(
    (url) => !URL.canParse(url) || SSL_MODES.includes(new URL(url).searchParams.get('sslmode') ?? 'disable'),
    `must have an sslmode of ${SSL_MODES.join(', ')}, or none`,
  )
  .transform(withSslModesOfLibpq);

const SettingsSchema = z.object({
  HOST: z.string().min(1, 'must be an address or a host name').default('127.0.0.1').meta({ description: 'The address to listen on.' }),
  PORT: integer(0, 65_535).default(3000).meta({ description: 'The port to listen on.' }),
  METRICS_PORT: integer(0, 65_535)
    .optional()
    .meta({ description: 'The port of `/metrics` for Prometheus, on the same address. Without it there is none.' }),
  DATABASE_URL: databaseUrl.optional().meta({
    description: 'The PostgreSQL database, with `sslmode` and `sslrootcert` as libpq has them. Without it, the embedded one.',
  }),
  DATABASE_POOL_SIZE: integer(1, 500).default(10).meta({ description: 'How many connections an instance opens at most.' }),
  LEADS_WORKERS: workers.default(1).meta({
    description:
      'How many processes share the port, `auto` for one per core. They share the connections of `DATABASE_POOL_SIZE`, too. Only with `DATABASE_URL`.',
  }),
  LEADS_DATA_DIR: z
    .string()
    .min(1, 'must be a directory')
    .default('.leads')
    .meta({ description: 'The directory of the embedded database; `memory` keeps nothing.' }),
  LEADS_BOOTSTRAP_API_KEY: z.string().regex(API_KEY_PATTERN, 'must be sk-workspace_ and 51 letters and digits').optional().meta({
    description:
      'The first API key of an empty database, so that you can know it beforehand. Without it, a random one is made and printed.',
  }),
  RATE_LIMIT_PER_HOUR: integer(0, 1_000_000_000)
    .default(1000)
    .meta({ description: 'How many requests a key may make in any 60 minutes; `0` is no limit.' }),
  BACKUP_RETENTION_DAYS: integer(1, 3650).default(30).meta({ description: 'For how many days a backup of a lead is kept.' }),
  CORS_ORIGINS: origins.default([]).meta({ description: 'The origins that browsers may call from: a comma list, or `*`.' }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('info')
    .meta({ description: 'How much is logged.' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl.optional().meta({
    description: 'Where traces are sent, by OTLP over HTTP: `http://collector:4318`. Without it nothing is traced.',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpUrl.optional().meta({
    description: 'The same with its path, `http://collector:4318/v1/traces`, where it differs from that of other signals.',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'], 'must be http/protobuf or http/json; this server does not speak grpc')
    .default('http/protobuf')
    .meta({ description: 'How traces are written.' }),
  REFERENCE_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://docs.example.com' })
    .optional()
    .meta({ description: 'Where the reference is published. The page `/docs` then links each operation to its page there.' }),
});

/** The settings of a server, validated. */
export type Settings = z.infer<typeof SettingsSchema>;

/** A setting, as the reference shows it. */
export interface SettingDescription {
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

/** Every setting by its name, from the schema that checks it. */
export function describeSettings(): Readonly<Record<string, SettingDescription>> {
  const { properties = {} } = z.toJSONSchema(SettingsSchema, { io: 'input', unrepresentable: 'any' });
  // The schema of an input leaves out a default that is no text.
  const defaults: Readonly<Record<string, unknown>> = SettingsSchema.parse({});
  return Object.fromEntries(
    Object.entries(properties).map(([name, setting]) => [name, { ...(setting as SettingDescription), default: defaults[name] }]),
  );
}

/**
 * Reads the settings from the environment; an empty variable counts as one that is not set.
 * @throws {ConfigError} with a line for each setting that is wrong.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = SettingsSchema.safeParse(given);
  if (result.success) return requireWorkersToWork(result.data);
  throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}

/** The driver takes `require` for `verify-full`, unless it is told to take the modes for what they are everywhere else. */
function withSslModesOfLibpq(text: string): string {
  const url = new URL(text);
  if (!url.searchParams.has('sslmode')) return text;
  url.searchParams.set('uselibpqcompat', 'true');
  return url.href;
}

function requireWorkersToWork(settings: Settings): Settings {
  const { LEADS_WORKERS, DATABASE_URL, DATABASE_POOL_SIZE } = settings;
  if (LEADS_WORKERS > 1 && !DATABASE_URL)
    throw new ConfigError('LEADS_WORKERS must be 1 on the embedded database, which serves one process; set DATABASE_URL for more');
  if (LEADS_WORKERS > DATABASE_POOL_SIZE)
    throw new ConfigError(`DATABASE_POOL_SIZE must be at least ${LEADS_WORKERS}, a connection for each of LEADS_WORKERS`);
  return settings;
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
