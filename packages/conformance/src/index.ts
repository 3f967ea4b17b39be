export { type Call, Calls, requestOf } from './calls.ts';
export type { Check } from './check.ts';
export { checkAnswer, type Circumstances, documentedAnswers, isText, operationOf, SUCCESS } from './check-answer.ts';
export { type Answer, exchange, type RawRequest } from './exchange.ts';
export { PROVOKE } from './provoke.ts';
export { junitOf, tableOf } from './report.ts';
export { CannotBegin, CHECKS, type ConformanceOptions, type Result, runConformance } from './run-conformance.ts';
export { VALID_CALLS } from './valid-calls.ts';
