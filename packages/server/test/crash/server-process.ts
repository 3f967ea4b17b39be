import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endWithUs } from './own-processes.ts';
import { until } from './until.ts';
import { BARE_ENVIRONMENT } from '../support/bare-environment.ts';

/** The program of this version's server. */
export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** How much of a server's output is kept to explain a failure, in characters. */
const OUTPUT_KEPT = 20_000;

/** Where a server keeps its data: the setting that says so. */
export type DataSetting = { readonly LEADS_DATA_DIR: string } | { readonly DATABASE_URL: string };

/** A Leads API server as a process of its own. */
export class ServerProcess {
  readonly url: string;
  /** From its start until it was ready, in milliseconds. */
  startMs = 0;
  readonly #child: ChildProcess;
  readonly #exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #log = '';
  #output = '';

  private constructor(port: number, environment: Record<string, string>, main: string) {
    this.url = `http://127.0.0.1:${port}`;
    // In a process group of its own: an interrupt from the keyboard is for the campaign, which then ends its servers.
    this.#child = endWithUs(
      spawn(process.execPath, [main], {
        env: { ...BARE_ENVIRONMENT, HOST: '127.0.0.1', PORT: String(port), RATE_LIMIT_PER_HOUR: '0', ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      }),
    );
    this.#exited = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (environment.LOG_LEVEL === 'info') this.#log += text;
      this.#keep(text);
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
  }

  /** Starts a server and does not wait for it; `main` is its program, where it is another version's. */
  static spawn(
    port: number,
    apiKey: string,
    data: DataSetting & Readonly<Record<string, string>>,
    logLevel = 'warn',
    main = MAIN,
  ): ServerProcess {
    return new ServerProcess(port, { ...data, LEADS_BOOTSTRAP_API_KEY: apiKey, LOG_LEVEL: logLevel }, main);
  }

  /** Starts a server and waits until it is ready. @throws when it ends instead, with what it said. */
  static async start(
    port: number,
    apiKey: string,
    data: DataSetting & Readonly<Record<string, string>>,
    logLevel?: string,
    main?: string,
  ): Promise<ServerProcess> {
    const start = performance.now();
    const server = ServerProcess.spawn(port, apiKey, data, logLevel, main);
    await server.ready();
    server.startMs = performance.now() - start;
    return server;
  }

  /** Waits until it answers that it is ready. */
  async ready(): Promise<void> {
    await until('the server is ready', async () => {
      if (!this.isRunning) throw new Error(`The server ended:\n${this.#output}`);
      return this.answersReady();
    });
  }

  /** Whether it answers that it is ready. */
  async answersReady(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it said last. */
  get output(): string {
    return this.#output;
  }

  /** Its log lines, where its log level is `info`. */
  get log(): Record<string, unknown>[] {
    return this.#log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The most memory it ever had, in megabytes; undefined where the system does not tell. */
  get peakMemoryMb(): number | undefined {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))!;
      return Number(kilobytes) / 1024;
    } catch {
      return undefined;
    }
  }

  /** Kills it with SIGKILL and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to stop with SIGTERM and returns how it ended. */
  async terminate(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.#child.kill('SIGTERM');
    return this.#exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
  }
}
