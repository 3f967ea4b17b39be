import * as z from 'zod';
import { textForPeople } from './text.ts';

/** The envelope of a success: `{ success: true, data }`, as the component `name`. */
export function success<Data extends z.ZodType>(name: string, data: Data) {
  return z.strictObject({ success: z.literal(true), data }).meta({ id: name, title: name, description: 'The envelope of a success.' });
}

/** The envelope of a success that says what was done: `{ success: true, message, data }`, as the component `name`. */
export function successWithMessage<const Message extends string, Data extends z.ZodType>(name: string, message: Message, data: Data) {
  return z
    .strictObject({ success: z.literal(true), message: textForPeople(message, 'What was done, for people.'), data })
    .meta({ id: name, title: name, description: 'The envelope of a success that says what was done.' });
}
