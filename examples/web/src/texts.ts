/** `1 lead`, `2 leads`, `1,234 leads`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const minute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** The day of a moment, where the reader is. */
export function dayOf(moment: string): string {
  return day.format(new Date(moment));
}

/** The day and the minute of a moment, where the reader is. */
export function minuteOf(moment: string): string {
  return minute.format(new Date(moment));
}

/** The time of day, to the second. */
export function clockOf(moment: Date): string {
  return clock.format(moment);
}
