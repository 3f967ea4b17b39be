import type { ValidationIssue } from '../errors/validation-issue.ts';

/** How many numbers are reported, and of where one stands how many steps: there is no end to what a body can hold. */
const MAX_ISSUES = 100;
const MAX_STEPS = 12;
/** What every number has that JavaScript may not keep: 16 digits or more, or an exponent of three. */
const SUSPECT = /[\d.]{16}|[eE][+-]?\d{3}/;

/**
 * Reads JSON, and names every number in it that JavaScript cannot keep exactly, such as an id of 19 digits: it would come
 * back as another one. `part` is what the locations begin with; nothing where it is empty.
 * @throws {SyntaxError} where it is no JSON.
 */
export function parseJson(text: string, part: string): { value: unknown; issues: ValidationIssue[] } {
  const value: unknown = JSON.parse(text);
  return { value, issues: SUSPECT.test(text) ? inexactNumbers(text, part) : [] };
}

/** Goes through what is known to be JSON. Not with a reviver: it knows no place, and runs out of stack in a deep body. */
function inexactNumbers(json: string, part: string): ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  /** Where the reader stands: a key for an object, an index for an array. */
  const steps: (string | number)[] = [];
  let awaitsKey = false;
  for (let at = 0; at < json.length && issues.length < MAX_ISSUES; at++) {
    const character = json[at]!;
    if (character === '"') {
      const end = endOfString(json, at);
      if (awaitsKey) steps[steps.length - 1] = JSON.parse(json.slice(at, end)) as string;
      awaitsKey = false;
      at = end - 1;
    } else if (character === '{' || character === '[') {
      steps.push(character === '{' ? '' : 0);
      awaitsKey = character === '{';
    } else if (character === '}' || character === ']') {
      steps.pop();
      awaitsKey = false;
    } else if (character === ',') {
      const step = steps.at(-1);
      if (typeof step === 'number') steps[steps.length - 1] = step + 1;
      awaitsKey = typeof step === 'string';
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const start = at;
      while (at + 1 < json.length && /[\d.eE+-]/.test(json[at + 1]!)) at++;
      if (isKept(json.slice(start, at + 1))) continue;
      const location = [...(part ? [part] : []), ...steps.slice(0, MAX_STEPS)].join('.');
      issues.push({ location, message: 'Cannot be kept exactly as a JSON number: send it as text', code: 'inexact_number' });
    }
  }
  return issues;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Whether a number comes back with the value that it was sent with, in whatever notation. One that is beyond all numbers is for the schema to refuse. */
function isKept(source: string): boolean {
  const number = Number(source);
  return !Number.isFinite(number) || valueOf(source) === valueOf(String(number));
}

/** The value of a decimal number, its sign aside: the digits from the first to the last that is not 0, and their power of ten. */
function valueOf(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number)!;
  const digits = whole + fraction;
  let [first, end] = [0, digits.length];
  while (digits[first] === '0') first++;
  while (end > first && digits[end - 1] === '0') end--;
  return first === end ? '0' : `${digits.slice(first, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
