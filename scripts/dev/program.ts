import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What is started, and what it is made of. */
export interface ProgramOptions {
  readonly name: string;
  /** Where it runs. */
  readonly folder: string;
  /** The folders that it is made of. */
  readonly sources: readonly string[];
  /** The script that Node runs, and what it is given. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A program of ours that is started again when it changes. */
export class Program {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #ended = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  get sources(): readonly string[] {
    return this.#options.sources;
  }

  /** Ends it, and starts it when it has let go of its port and its files. */
  async restart(): Promise<void> {
    await this.#end('SIGTERM');
    if (this.#ended) return;
    const { name, folder, args, env } = this.#options;
    console.log(`Starting the ${name}.`);
    const child = spawn(process.execPath, args, { cwd: folder, stdio: 'inherit', env });
    this.#child = child;
    child.once('exit', (code) => {
      if (this.#child === child) console.error(`The ${name} ended with ${code}. It starts again when something is saved.`);
    });
  }

  /** Ends it for good. */
  stop(signal: NodeJS.Signals): Promise<void> {
    this.#ended = true;
    return this.#end(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}
