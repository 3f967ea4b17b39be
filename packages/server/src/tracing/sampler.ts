import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { ConfigError } from '../config.ts';

/** How many traces a process begins in a second where the environment names no sampler: a trace costs about as much as the request. */
const TRACES_PER_SECOND = 50;

/**
 * Which traces are recorded, as `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` say. Where they say nothing, those that a caller
 * records, and of the others at most 50 a second.
 * @throws {ConfigError}
 */
export function samplerOf(environment: Readonly<Record<string, string | undefined>>): Sampler {
  const name = environment['OTEL_TRACES_SAMPLER'];
  if (!name) return parentBased(new AtMostPerSecond(TRACES_PER_SECOND));
  const sampler = SAMPLERS[name as keyof typeof SAMPLERS];
  if (!sampler) throw new ConfigError(`OTEL_TRACES_SAMPLER must be one of ${Object.keys(SAMPLERS).join(', ')}`);
  const ratio = Number(environment['OTEL_TRACES_SAMPLER_ARG'] || 1);
  if (!(ratio >= 0 && ratio <= 1)) throw new ConfigError('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
  return sampler(ratio);
}

/** Records so many in a second, the first ones at once and then evenly. */
class AtMostPerSecond implements Sampler {
  readonly #most: number;
  #left: number;
  #at = performance.now();

  constructor(most: number) {
    this.#most = most;
    this.#left = most;
  }

  shouldSample(): SamplingResult {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#at) / 1000) * this.#most);
    this.#at = now;
    if (this.#left < 1) return { decision: SamplingDecision.NOT_RECORD };
    this.#left -= 1;
    return { decision: SamplingDecision.RECORD_AND_SAMPLED };
  }

  toString(): string {
    return `AtMostPerSecond{${this.#most}}`;
  }
}

const parentBased = (root: Sampler) => new ParentBasedSampler({ root });

const SAMPLERS = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio: number) => new TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => parentBased(new AlwaysOnSampler()),
  parentbased_always_off: () => parentBased(new AlwaysOffSampler()),
  parentbased_traceidratio: (ratio: number) => parentBased(new TraceIdRatioBasedSampler(ratio)),
};
