export type { Fault } from './faults.ts';
export type { LoggedRequest, Mock, MockOptions, MockState, Mode } from './mock.ts';
export { Refusal } from './refusal.ts';
export type { ScenarioName } from './scenarios.ts';
export { SEED_DEFAULT_LEADS, SEED_MAX_LEADS, type Seed } from './seed.ts';
export { startMock } from './start-mock.ts';
