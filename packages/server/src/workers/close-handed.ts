import type { Worker } from 'node:cluster';

/** What passes between the processes of a cluster, as far as it matters here. */
interface ClusterMessage {
  readonly seq?: number;
  readonly ack?: number;
}

interface Closable {
  close(): void;
}

/**
 * Closes the connections that were handed to a worker which ended before it took them: Node would keep them open for ever, and who
 * made them would wait as long. There is no public way to know of them.
 */
export function closeHandedAtEnd(worker: Worker): void {
  const handed = new Map<number, Closable>();
  const child = worker.process;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    const [message, handle] = args as [ClusterMessage, Closable | undefined];
    if (handle && message.seq !== undefined) handed.set(message.seq, handle);
    return send(...args);
  };
  child.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (ack !== undefined) handed.delete(ack);
  });
  worker.once('exit', () => {
    for (const handle of handed.values()) handle.close();
  });
}
