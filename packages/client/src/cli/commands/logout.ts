import { readProfiles, writeProfile } from '../config.ts';
import { profileName } from '../connection.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `leads logout` */
export const logout: Command = {
  name: 'logout',
  summary: 'forget the key of a profile',
  synonyms: ['signout'],
  details: 'The key itself stays valid: revoke it on the server.',
  changes: true,
  examples: [
    ['leads logout', 'forgets the profile “default”'],
    ['leads logout --profile staging', 'forgets another one'],
  ],
  async run({ io, options, say }) {
    const name = profileName(io, options);
    if (!(name in readProfiles(io))) {
      say(`There is no profile “${name}”.`);
      return EXIT.ok;
    }
    writeProfile(io, name, null);
    say(`Forgot the profile “${name}”.`);
    return EXIT.ok;
  },
};
