import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from './client.ts';
import { messageOf } from './message-of.ts';
import { type Message, useMessages } from './messages.tsx';
import { LEADS } from './queries.ts';
import { counted } from './texts.ts';

/** As many backups go into one request. */
const GROUP = 1_000;

/** Brings back what a message says was deleted: a thousand leads in a request. */
export function useUndo() {
  const { say, undo } = useMessages();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn(message: Message) {
      undo(message);
      let [back, away] = [0, 0];
      for (let at = 0; at < message.backupIds.length; at += GROUP) {
        const backupIds = message.backupIds.slice(at, at + GROUP);
        try {
          // One that is there already was brought back by a request whose answer was lost.
          const { restored, skipped, failed } = await client.backups.bulkRestore({ backupIds });
          back += restored + skipped;
          away += failed;
        } catch (error) {
          return say(`${counted(back, 'lead')} brought back. ${messageOf(error)}`, message.backupIds.slice(at));
        }
      }
      const rest = away > 0 ? ` ${counted(away, 'lead')} not: another has the e-mail address, or the backup is gone.` : '';
      say(`${counted(back, 'lead')} brought back.${rest}`);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [LEADS] }),
  });
}
