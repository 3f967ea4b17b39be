import type { ApiKey, ApiKeyWithSecret, CreateApiKeyRequest } from '../../api.generated.ts';
import { INPUTS } from '../../constants.generated.ts';
import { KEYS, NEW_KEYS } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { destroyOne } from '../destroy.ts';
import { CliError, usageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { optionsFor, readInputs, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS } from '../limit.ts';
import { listing } from '../listing.ts';
import { CONFIRM_OPTIONS } from '../options.ts';
import { requireArgument } from '../required.ts';

const CREATED = INPUTS['apiKeys.create'];
const ROTATED = INPUTS['apiKeys.rotate'];

const CREATE_WORDS = {
  name: ['NAME', 'what the key is for'],
  scopes: ['LIST', 'what it may do, with commas between'],
  expiresAt: ['WHEN', 'when it stops working, such as 9999-12-31: never'],
} satisfies Record<keyof typeof CREATED, Words>;

const ROTATE_WORDS = {
  overlapSeconds: ['SECONDS', 'how long the old key works on: a day; 0 ends it at once'],
} satisfies Record<keyof typeof ROTATED, Words>;

const ALONE = 'Standard output has the key alone, which is shown this once; with --json all that is known of it.';

/** `leads keys …`, but for `keys check`. */
export const keys: readonly Command[] = [
  {
    name: 'keys list',
    summary: 'list the API keys of the workspace (scope keys:manage)',
    columns: KEYS,
    options: LIMIT_OPTIONS,
    examples: [['leads keys list', 'the newest 20, without their secrets']],
    run: (context) => listing(context, KEYS, (page, call) => context.client().apiKeys.list(page, call), 'There are no keys.'),
  },
  {
    name: 'keys create',
    summary: 'create an API key (scope keys:manage)',
    details: ALONE,
    columns: NEW_KEYS,
    options: optionsFor(CREATED, CREATE_WORDS),
    changes: true,
    examples: [
      ['leads keys create --name Reporting --scopes leads:read', 'a key that may only read'],
      ['LEADS_API_KEY=$(leads keys create --name CRM --scopes leads:read,leads:write)', 'into a variable'],
    ],
    async run(context) {
      const { name, scopes, ...others } = readInputs(context.options, CREATED) as Partial<CreateApiKeyRequest>;
      if (name === undefined || scopes === undefined) throw usageError('A key needs --name and --scopes.', 'See: leads keys create --help');
      return showNew(context, await context.client().apiKeys.create({ name, scopes, ...others }));
    },
  },
  {
    name: 'keys rotate',
    summary: 'replace an API key, while the old one works on (scope keys:manage)',
    usage: 'KEY_ID',
    maxArguments: 1,
    details: ALONE,
    columns: NEW_KEYS,
    options: { ...optionsFor(ROTATED, ROTATE_WORDS), ...CONFIRM_OPTIONS },
    changes: true,
    examples: [
      ['leads keys rotate key_1234567890abcdef', 'the old one works for another day'],
      ['leads keys rotate key_1234567890abcdef --overlap-seconds 0', 'looks, asks, ends the old one at once'],
    ],
    async run(context) {
      const id = keyId(context);
      const how = readInputs(context.options, ROTATED);
      const rotate = async () => showNew(context, await context.client().apiKeys.rotate(id, how));
      // Whoever uses the old key has time to take the new one, so nothing ends.
      if (how['overlapSeconds'] !== 0 && !context.options.flag('dry-run')) return rotate();
      return destroyOne(context, {
        question: 'Replace this key, and end it at once?',
        columns: KEYS,
        look: () => keyOf(context, id),
        destroy: rotate,
        done: `Ended ${id}.`,
      });
    },
  },
  {
    name: 'keys revoke',
    summary: 'end an API key (scope keys:manage)',
    usage: 'KEY_ID',
    maxArguments: 1,
    columns: KEYS,
    options: CONFIRM_OPTIONS,
    changes: true,
    examples: [['leads keys revoke key_1234567890abcdef', 'looks, asks, revokes']],
    run(context) {
      const id = keyId(context);
      return destroyOne(context, {
        question: 'Revoke this key?',
        columns: KEYS,
        look: () => keyOf(context, id),
        destroy: () => context.client().apiKeys.revoke(id),
        done: `Revoked ${id}.`,
      });
    },
  },
];

async function showNew({ output, options, say }: Context, key: ApiKeyWithSecret): Promise<ExitCode> {
  if (output.format === 'json' || output.format === 'csv' || options.columns) await output.item(NEW_KEYS, key);
  else {
    await output.write(`${key.key}\n`);
    say(`Shown this once. ${key.id}, “${key.name}”, for ${key.scopes.join(', ')}${key.expiresAt ? `, until ${key.expiresAt}` : ''}.`);
  }
  return EXIT.ok;
}

async function keyOf(context: Context, id: string): Promise<ApiKey> {
  for await (const key of context.client().apiKeys.list()) if (key.id === id) return key;
  throw new CliError(`There is no key ${id}.`, 'See which there are: leads keys list', EXIT.notFound);
}

function keyId(context: Context): string {
  return requireArgument(context, 0, 'Which key?');
}
