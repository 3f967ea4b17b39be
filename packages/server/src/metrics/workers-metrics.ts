import cluster from 'node:cluster';
import { ClusterRegistry, Counter, Gauge, type PrometheusContentType, Registry } from '@prometheus-io/client';

/** What several processes of one server tell Prometheus together: each by its number, in the label `worker`, and how many there are. */
export class WorkersMetrics {
  readonly #own = new Registry();
  readonly #all: ClusterRegistry<PrometheusContentType>;
  readonly #failures = new Counter({
    name: 'leads_worker_failures_total',
    help: 'Workers that ended although nobody asked them to.',
    registers: [this.#own],
  });

  readonly #workers = new Gauge({ name: 'leads_workers', help: 'Workers that run.', registers: [this.#own] });

  constructor() {
    ClusterRegistry.setRegistries(this.#own);
    this.#all = new ClusterRegistry();
  }

  /** Notes that a worker ended although nobody asked it to. */
  workerFailed(): void {
    this.#failures.inc();
  }

  /** Everything, in Prometheus's text format. */
  text(): Promise<string> {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker?.isConnected()).length;
    this.#workers.set(workers);
    return this.#all.clusterMetrics();
  }
}
