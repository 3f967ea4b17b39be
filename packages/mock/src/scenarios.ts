import type { Fault } from './faults.ts';
import { allInActiveCampaign, type Seed } from './seed.ts';

/** A situation that can be set up by its name. */
interface Scenario {
  readonly seed?: Seed;
  readonly faults: readonly Fault[];
}

/** The situations that a frontend is most often forgotten to be tested in. */
export const SCENARIOS = {
  default: { faults: [] },
  'empty-workspace': { seed: 0, faults: [] },
  'many-leads': { seed: 1_000, faults: [] },
  'flaky-network': { faults: [{ connection: 'drop', rate: 0.1 }, { error: 'SERVICE_UNAVAILABLE', rate: 0.1 }, { latencyMs: [50, 500] }] },
  'slow-network': { faults: [{ latencyMs: 2_000 }] },
  'expired-key': { faults: [{ error: 'INVALID_API_KEY' }] },
  'rate-limited': { faults: [{ error: 'RATE_LIMIT_EXCEEDED' }] },
  'leads-in-active-campaign': { seed: allInActiveCampaign(), faults: [] },
  maintenance: { faults: [{ error: 'SERVICE_UNAVAILABLE' }] },
} as const satisfies Record<string, Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;
