import { API_KEY_PATTERN } from '@leads/contract';
import * as z from 'zod';

/** A setting is missing or wrong; the message has a line for each. */
export class ConfigError extends Error {}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

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

const SettingsSchema = z.object({
  HOST: z.string().min(1, 'must be an address or a host name').default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/./, 'must begin with postgres:// or postgresql://')
    .refine((url) => URL.canParse(url), 'must be a URL')
    .optional(),
  DATABASE_POOL_SIZE: integer(1, 500).default(10),
  LEADS_DATA_DIR: z.string().min(1, 'must be a directory').default('.leads'),
  LEADS_BOOTSTRAP_API_KEY: z.string().regex(API_KEY_PATTERN, 'must be sk-workspace_ and 51 letters and digits').optional(),
  RATE_LIMIT_PER_HOUR: integer(0, 1_000_000_000).default(1000),
  BACKUP_RETENTION_DAYS: integer(1, 3650).default(30),
  CORS_ORIGINS: origins.default([]),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('info'),
});

/** The settings of a server, validated. */
export type Settings = z.infer<typeof SettingsSchema>;

/**
 * Reads the settings from the environment; an empty variable counts as one that is not set.
 * @throws {ConfigError} with a line for each setting that is wrong.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = SettingsSchema.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
