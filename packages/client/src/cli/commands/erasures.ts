import { ERASURES } from '../columns.ts';
import type { Command, Context } from '../command.ts';
import { destroyOne } from '../destroy.ts';
import { EXIT } from '../exit-codes.ts';
import { CONFIRM_OPTIONS } from '../options.ts';
import { requireArgument } from '../required.ts';

/** `leads erasures …` */
export const erasures: readonly Command[] = [
  {
    name: 'erasures get',
    summary: 'show what proves that a person was erased',
    usage: 'ERASURE_ID',
    maxArguments: 1,
    columns: ERASURES,
    examples: [['leads erasures get erasure_1234567890abcdef', 'what went, when, and by which key']],
    async run(context) {
      const { client, output, io } = context;
      await output.item(ERASURES, await client().erasures.get(erasureId(context), { signal: io.interruption.signal }));
      return EXIT.ok;
    },
  },
  {
    name: 'erasures lift',
    summary: 'let a person in again who was erased',
    usage: 'ERASURE_ID',
    maxArguments: 1,
    columns: ERASURES,
    options: CONFIRM_OPTIONS,
    changes: true,
    examples: [['leads erasures lift erasure_1234567890abcdef', 'looks, asks, lifts the suppression']],
    run(context) {
      const id = erasureId(context);
      const { erasures: api } = context.client();
      return destroyOne(context, {
        question: 'Let this person in again?',
        columns: ERASURES,
        look: () => api.get(id),
        destroy: () => api.liftSuppression(id),
        done: `The suppression of ${id} is lifted.`,
      });
    },
  },
];

function erasureId(context: Context): string {
  return requireArgument(context, 0, 'Which erasure?');
}
