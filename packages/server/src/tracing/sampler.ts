import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { ConfigError } from '../config.ts';

/** How many traces a process begins at once, and then in a second, where no sampler is named: each adds a fifth or more to its request. */
const TRACES_PER_SECOND = 50;

/**
 * Says whether a trace may begin now. Where the environment names a sampler, that decides alone; else 50 may begin at once, and then 50
 * a second, evenly. The trace of a caller began elsewhere: it is not asked about.
 */
export function traceLimit(environment: Readonly<Record<string, string | undefined>>): () => boolean {
  if (environment['OTEL_TRACES_SAMPLER']) return () => true;
  let left = TRACES_PER_SECOND;
  let at = performance.now();
  return () => {
    const now = performance.now();
    left = Math.min(TRACES_PER_SECOND, left + ((now - at) / 1000) * TRACES_PER_SECOND);
    at = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/** Which traces are recorded, as `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` say. @throws {ConfigError} */
export function samplerOf(environment: Readonly<Record<string, string | undefined>>): Sampler {
  const name = environment['OTEL_TRACES_SAMPLER'] || 'parentbased_always_on';
  const sampler = Object.hasOwn(SAMPLERS, name) && SAMPLERS[name as keyof typeof SAMPLERS];
  if (!sampler) throw new ConfigError(`OTEL_TRACES_SAMPLER must be one of ${Object.keys(SAMPLERS).join(', ')}`);
  const ratio = Number(environment['OTEL_TRACES_SAMPLER_ARG'] || 1);
  if (!(ratio >= 0 && ratio <= 1)) throw new ConfigError('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
  return sampler(ratio);
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
