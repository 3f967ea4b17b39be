/** What a breaking change breaks, for whom, and how to do it without breaking. */

interface Advice {
  readonly breaks: string;
  readonly instead: string;
}

const WIDER_ANSWER: Advice = {
  breaks: 'whoever reads the answer by the old schema, such as a generated client',
  instead: 'leave the field as it is, and say what is new in a field beside it',
};
const NARROWER_REQUEST: Advice = {
  breaks: 'whoever sends what was allowed until now: it is refused',
  instead: 'go on accepting the old values, or take the tighter ones in a new parameter or field',
};
const GONE: Advice = {
  breaks: 'whoever calls it: 404',
  instead: 'keep it, mark it `deprecated` with a `sunset`, and take it away after that day',
};

const ADVICE = {
  'operation-removed': GONE,
  'path-removed': GONE,
  'operation-id-changed': {
    breaks: 'generated clients, whose functions are named by it',
    instead: 'keep the id, and change the summary',
  },
  'parameter-removed': {
    breaks: 'whoever sends it: a parameter that is not known is refused',
    instead: 'go on accepting it; say that it is deprecated and what to use in its place',
  },
  'parameter-became-required': {
    breaks: 'whoever leaves it out: 400',
    instead: 'make it optional, and let it mean what was meant without it',
  },
  'parameter-serialization-changed': NARROWER_REQUEST,
  'default-changed': {
    breaks: 'whoever leaves it out, and gets something else than before',
    instead: 'keep the default, and let callers ask for the other value',
  },
  'request-body-removed': NARROWER_REQUEST,
  'request-body-became-required': { breaks: 'whoever sends no body: 400', instead: 'let an empty body mean what none meant' },
  'required-properties-added': {
    breaks: 'whoever sends requests without the field: 400',
    instead: 'make it optional, and let it mean what was meant without it',
  },
  'required-properties-removed': {
    breaks: 'whoever reads the field without asking whether it is there',
    instead: 'go on sending it; say that it is deprecated',
  },
  'property-removed': {
    breaks: 'whoever reads the field in answers, or sends it in requests, which are closed',
    instead: 'keep it, say that it is deprecated, and put what is new beside it',
  },
  'response-removed': { breaks: 'whoever expects this status', instead: 'keep the status' },
  'success-status-added': {
    breaks: 'whoever takes every other status than the documented for a failure',
    instead: 'answer with the status that is documented, or let callers ask for the other by a parameter',
  },
  'response-header-removed': { breaks: 'whoever reads the header', instead: 'go on sending it' },
  'media-type-removed': { breaks: 'whoever sends or asks for this format', instead: 'keep it beside the new one' },
  'code-changed': {
    breaks: 'whoever decides by the code or the status',
    instead: 'keep code and status for the case that they stand for, and use the new code for new cases only',
  },
  'enum-values-removed': NARROWER_REQUEST,
  'enum-values-added': WIDER_ANSWER,
  'schema-type-changed': {
    breaks: 'whoever sends or reads a value of the old type',
    instead: 'leave the field as it is, and add one of the new type beside it',
  },
  'schema-constraint-changed': {
    breaks: 'whoever sends what was allowed, or reads what was promised',
    instead: 'keep the old bound; a wider one for requests is free (of a pattern, as `old|new`)',
  },
  'schema-combinator-changed': {
    breaks: 'whoever sends or reads one of the forms by the old schema',
    instead: 'keep the forms that there are; a further one for requests is free',
  },
  'security-requirement-changed': {
    breaks: 'whoever has a key without the scope: 403',
    instead: 'keep the scope that is asked for, and ask for the new one only where a new parameter is used',
  },
  'security-scheme-changed': { breaks: 'everybody: keys are sent in another way', instead: 'accept both ways' },
  'server-removed': { breaks: 'whoever takes the address from the document', instead: 'keep the address' },
} as const satisfies Record<string, Advice>;

/** A kind of break. */
export type Rule = keyof typeof ADVICE;

/** What to say of a kind of break. */
export function adviceOn(rule: Rule): Advice {
  return ADVICE[rule];
}

/** Whether it is a kind of break that we know. */
export function isRule(name: string): name is Rule {
  return Object.hasOwn(ADVICE, name);
}
