import { RESPONSE_HEADERS, type ResponseHeaderName } from '@leads/contract';
import { headerPath } from '../addresses.ts';
import { opening } from '../prose.ts';
import { type Operation, OPERATIONS, type Parameter, resolve, type Response, type Schema } from './document.ts';
import { answeredFields, type Field, fieldOf, fieldsOf } from './fields.ts';

const PLACES = [
  ['path', 'In the path'],
  ['query', 'In the query'],
  ['header', 'In the headers'],
] as const;

/** The parameters of an operation, by where they stand. */
export function parameterGroups({ parameters }: Operation): { readonly heading: string; readonly fields: readonly Field[] }[] {
  return PLACES.map(([place, heading]) => ({
    heading,
    fields: parameters.filter(({ in: at }) => at === place).map(place === 'header' ? requestHeader : parameterField),
  })).filter(({ fields }) => fields.length > 0);
}

function parameterField({ name, schema, required = false, description }: Parameter): Field {
  return fieldOf(name, description === undefined ? schema : { ...schema, description }, required);
}

/** A request header that several operations take is explained once, on the page of the conventions. */
function requestHeader(parameter: Parameter): Field {
  const field = parameterField(parameter);
  if (!REQUEST_HEADERS.includes(parameter)) return { ...field, bounds: [] };
  const more = `[In full](${headerPath(parameter.name)})`;
  return { ...field, description: `${opening(field.description)} ${more}`, bounds: [] };
}

/** The request headers that more than one operation takes. */
export const REQUEST_HEADERS: readonly Parameter[] = OPERATIONS.flatMap(({ parameters }) => parameters).filter(
  (parameter, _, all) => parameter.in === 'header' && all.filter(({ name }) => name === parameter.name).length > 1,
);

/** What an operation takes as its body, for each media type. */
export function bodiesOf({ requestBody }: Operation): { mediaType: string; description: string; fields: readonly Field[] }[] {
  return Object.entries(requestBody?.content ?? {}).map(([mediaType, { schema }]) => {
    const body = resolve(schema);
    return { mediaType, description: body.description ?? '', fields: fieldsOf(body) };
  });
}

/** A success as the reference describes it. */
interface Answer {
  readonly status: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly headers: readonly ResponseHeaderName[];
}

/** The successes of an operation, with the headers that not every answer has. */
export function answersOf({ responses }: Operation): Answer[] {
  return Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([status, response]) => ({
      status,
      description: response.description,
      fields: Object.values(response.content ?? {}).flatMap(({ schema }) => envelopeFields(schema)),
      headers: HEADER_NAMES.filter((name) => name in (response.headers ?? {}) && !COMMON_HEADERS.includes(name)),
    }));
}

/** What an envelope holds, besides what every one does. */
function envelopeFields(schema: Schema): Field[] {
  return answeredFields(schema).filter(({ name }) => name !== 'success');
}

/** Every response header of the contract. */
export const HEADER_NAMES = Object.keys(RESPONSE_HEADERS) as ResponseHeaderName[];

/** The headers of every success. */
export const COMMON_HEADERS: readonly ResponseHeaderName[] = HEADER_NAMES.filter((name) =>
  OPERATIONS.every(({ responses }) =>
    Object.entries(responses).every(([status, { headers = {} }]: [string, Response]) => !status.startsWith('2') || name in headers),
  ),
);

/** A response header of the contract, as a row. */
export function headerField(name: ResponseHeaderName): Field {
  const { schema, description } = RESPONSE_HEADERS[name];
  return fieldOf(name, { ...schema, description }, false);
}
