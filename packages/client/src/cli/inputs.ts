import { parseJson } from '@leads/contract/json';
import type { Input, Inputs } from '../constants.generated.ts';
import type { OptionSpec, OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import { dayOf, momentOf } from './moments.ts';
import { nearest } from './nearest.ts';
import { optionOf } from './option-name.ts';
import { type Options, wholeNumber } from './options.ts';

/** What only a person knows of an input: what its value is called in the help, and what it is for. */
export type Words = readonly [placeholder: string, help: string];

/** An option for each input. One that is new in the contract does not compile before it has its words. */
export function optionsFor<Given extends Inputs>(inputs: Given, words: Readonly<Record<keyof Given & string, Words>>): OptionSpecs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [optionOf(name), specOf(input, words[name as keyof Given & string])]),
  );
}

/** What was given of the inputs, as the API takes it. @throws {CliError} where a value cannot be. */
export function readInputs(options: Options, inputs: Inputs): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(inputs)) {
    const option = optionOf(name);
    if (input.type === 'list') {
      const texts = options.list(option);
      if (texts.length > 0) found[name] = listOf(option, input, texts);
      continue;
    }
    const text = options.text(option);
    if (text !== undefined) found[name] = valueOf(`--${option}`, input, text);
  }
  return found;
}

/** The value of a text, by the type that the contract gives it. @throws {CliError} where it has none. */
export function valueOf(option: string, input: Input, text: string): unknown {
  if (text === '' && input.nullable) return null;
  switch (input.type) {
    case 'number':
      return wholeNumber(option, text, input.minimum ?? 0, input.maximum);
    case 'boolean':
      return requireOneOf(option, text, ['true', 'false']) === 'true';
    case 'moment':
      return momentOf(option, text);
    case 'day':
      return dayOf(option, text);
    case 'object':
      return objectOf(option, text);
    default:
      return input.values ? requireOneOf(option, text, input.values) : text;
  }
}

function specOf({ type, values, nullable }: Input, [placeholder, help]: Words): OptionSpec {
  const choices = type === 'boolean' ? ['true', 'false'] : values;
  return {
    type: 'string',
    placeholder,
    help: `${help}${values ? `: ${values.join(', ')}` : ''}${nullable ? '; "" for none' : ''}`,
    ...(choices && type !== 'list' && { choices }),
    ...(type === 'list' && { multiple: true }),
  };
}

/** A list of named values can be written with commas. */
function listOf(option: string, { values }: Input, texts: readonly string[]): string[] {
  if (!values) return [...texts];
  const named = texts.flatMap((text) => text.split(',')).map((text) => text.trim());
  return named.filter(Boolean).map((text) => requireOneOf(`--${option}`, text, values));
}

function requireOneOf(option: string, text: string, values: readonly string[]): string {
  if (values.includes(text)) return text;
  const meant = nearest(text, values);
  throw usageError(`${option} must be one of ${values.join(', ')}, and is “${text}”.`, meant ? `Did you mean: ${option} ${meant}` : null);
}

function objectOf(option: string, text: string): object {
  const { value, issues } = jsonOf(option, text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw usageError(`${option} must be a JSON object.`, `For example: ${option} '{"company":"Acme"}'`);
  if (issues.length > 0) {
    const each = issues.map(({ location, message }) => `${location}: ${message}`);
    // Sent as the number that JavaScript makes of it, it would be one that the server keeps: another than the one that was given.
    throw usageError(`${each.join('; ')}.`, 'Text stands in quotes, such as "12345".');
  }
  return value;
}

function jsonOf(option: string, text: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(text, option);
  } catch {
    // What is no JSON is no object either.
    return { value: null, issues: [] };
  }
}
