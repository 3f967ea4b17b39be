import { createLeadsClient } from '../../client.ts';
import { LeadsApiError } from '../../errors.ts';
import { keyProblem } from '../../key.ts';
import { configFile, readProfiles, writeProfile } from '../config.ts';
import { connect, givenBaseUrl, LOCAL_URL, profileName } from '../connection.ts';
import type { Command, Context } from '../command.ts';
import { CliError, usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { canAsk } from '../io.ts';
import { ask, readLine } from '../prompt.ts';

/** `leads login` */
export const login: Command = {
  name: 'login',
  summary: 'keep an API key for the next commands',
  synonyms: ['signin', 'configure', 'init'],
  details: `Asks for the address and the key, which is not shown, or reads the key from a pipe. Checks it, and keeps both in a file
that only you can read, under the name of the profile.`,
  examples: [
    ['leads login', 'asks for the address and the key'],
    ['leads login --profile staging --base-url https://staging.example.com', 'another profile'],
    ['pass show leads-key | leads login --base-url https://leads.example.com', 'the key from a password manager'],
  ],
  async run(context) {
    const { io, options, say } = context;
    const name = profileName(io, options);
    const baseUrl = await addressOf(context);
    const apiKey = (canAsk(io) ? await ask(io, 'API key (not shown): ', { hidden: true }) : await readLine(io)).trim();
    const problem = keyProblem(apiKey);
    if (problem !== null) throw usageError(`That was no API key: ${problem}.`, 'Paste it at the prompt, or send it through a pipe.');
    const workspace = await check(context, baseUrl, apiKey);
    writeProfile(io, name, { baseUrl, apiKey });
    say(`Logged in to ${baseUrl}${workspace} as the profile “${name}”, kept in ${configFile(io)}`);
    return EXIT.ok;
  },
};

async function addressOf({ io, options }: Context): Promise<string> {
  const given = givenBaseUrl(io, options);
  const known = readProfiles(io)[profileName(io, options)]?.baseUrl;
  const proposed = known ?? LOCAL_URL;
  const answer = given ?? (canAsk(io) ? (await ask(io, `Address of the server [${proposed}]: `)).trim() || proposed : proposed);
  // Says what is wrong with the address before anything is asked.
  createLeadsClient({ baseUrl: answer, apiKey: null });
  return answer;
}

/** Any answer but 401 says that the server knows the key. */
async function check({ io, options }: Context, baseUrl: string, apiKey: string): Promise<string> {
  const client = connect(io, options, { baseUrl, apiKey }, {});
  try {
    const { leads } = await client.leads.list({ limit: 1 }, { signal: io.interruption.signal });
    return leads[0] ? `, workspace ${leads[0].workspaceId},` : '';
  } catch (error) {
    if (error instanceof LeadsApiError && error.code === 'INSUFFICIENT_SCOPE') return '';
    if (error instanceof LeadsApiError && error.status === 401)
      throw new CliError('The server refuses this key. Nothing was kept.', 'Check that it is whole, and meant for this server.', EXIT.key);
    throw error;
  }
}
