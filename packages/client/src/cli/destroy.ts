import type { Columns } from './columns.ts';
import type { Context } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { fieldLines } from './field-lines.ts';
import { confirm, requireAnswer } from './prompt.ts';

/** One thing that is about to go. */
interface Target<Item> {
  /** `Delete this activity?` */
  readonly question: string;
  readonly columns: Columns<Item>;
  /** Reads it, to be shown. */
  readonly look: () => Promise<Item>;
  readonly destroy: () => Promise<unknown>;
  /** `The activity is deleted.` */
  readonly done: string;
}

/** Shows one thing, asks, and destroys it; with `--dry-run` it only shows it. */
export async function destroyOne<Item extends object>(context: Context, target: Target<Item>): Promise<ExitCode> {
  const { options, output, say, io, style } = context;
  requireAnswer(context, 'destroys something');
  if (options.flag('dry-run')) {
    await output.item(target.columns, await target.look());
    say('Nothing was changed: this is a dry run.');
    return EXIT.ok;
  }
  if (!options.flag('yes')) {
    const item = await target.look();
    const fields = target.columns.fields.map((name) => [name, (item as Record<string, unknown>)[name]] as const);
    io.stderr.write(fieldLines(fields, style, io.stderr.columns ?? 80));
  }
  if (!(await confirm(context, target.question, null))) {
    say('Nothing was changed.');
    return EXIT.failure;
  }
  await target.destroy();
  say(target.done);
  return EXIT.ok;
}
