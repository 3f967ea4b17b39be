import { usageError } from './errors.ts';

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/**
 * A moment as the API takes it: a day is its beginning in UTC. The same text is the same moment on every machine.
 * @throws {CliError} where it is none, there is no such day or time, or a time has no zone.
 */
export function momentOf(option: string, text: string): string {
  const [, day, minutes = '00:00', seconds = ':00', zone] = MOMENT.exec(text) ?? [];
  if (day === undefined)
    throw usageError(`${option} must be a day such as 2024-01-31, or a time with its zone such as 2024-01-31T12:00:00Z, and is “${text}”.`);
  if (zone === undefined && text !== day) {
    const written = text.replace(' ', 'T');
    throw usageError(
      `${option} has a time without a zone, which is another moment on another machine: “${text}”.`,
      `Write the zone: ${written}Z for UTC, or one such as ${written}+02:00`,
    );
  }
  const clock = `${day}T${minutes}${seconds}`;
  const moment = new Date(clock + (zone ?? 'Z').toUpperCase());
  if (!isReal(clock) || Number.isNaN(moment.getTime())) throw noSuch(option, text);
  return moment.toISOString();
}

/** A day as the API takes it. @throws {CliError} where it is none. */
export function dayOf(option: string, text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw usageError(`${option} must be a day such as 2024-01-31, and is “${text}”.`);
  if (!isReal(`${text}T00:00:00`)) throw noSuch(option, text);
  return text;
}

/** A Date goes on counting: the 30th of February would be the 2nd of March. */
function isReal(clock: string): boolean {
  const date = new Date(`${clock}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(clock.slice(0, 19));
}

function noSuch(option: string, text: string) {
  return usageError(`${option}: there is no such day or time as “${text}”.`);
}
