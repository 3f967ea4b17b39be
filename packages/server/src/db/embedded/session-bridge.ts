import type { Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { endsReady, lastError, message, READY_BYTES, readMessage, readOpening, renameStatement, startupMessage } from './wire-messages.ts';

/** One client's connection: what it has sent and not yet had an answer to. */
type Client = {
  readonly socket: Socket;
  opened: boolean;
  /** Bytes that are not yet a whole message. */
  input: Buffer;
  /** Whole messages that do not yet ask for an answer. */
  unsent: Buffer[];
  /** Runs of messages that each end by asking for an answer. */
  readonly requests: Request[];
  /** The client's statement names, and those they have in the shared session. */
  readonly statements: Map<string, string>;
};

/** `endsCycle`: after this the session may go to another client, unless a transaction is open. */
type Request = { readonly bytes: Buffer; readonly endsCycle: boolean; readonly farewell?: true };

/** The messages an engine that is not copying understands. */
const REQUESTS = 'BCDEFHPQS';
const SYNC = message('S');
const ROLLBACK = message('Q', 'ROLLBACK\0');

/**
 * Lets several `pg` clients share the one session PGlite has.
 *
 * A client gets the session for a whole cycle (everything up to its Sync or simple Query) and keeps
 * it while it has a transaction open; the others wait, first come first served. So neither
 * transactions nor the unnamed statement can mix. Names of prepared statements are private to a
 * client. A client that goes away loses its statements and its open transaction.
 *
 * The rest of a session is shared by all clients: SET without LOCAL, temporary tables, session
 * advisory locks, PREPARE and DEALLOCATE as SQL, and a notification reaches whoever caused it. There
 * is no cancelling, and COPY FROM STDIN ends the engine.
 */
export class SessionBridge {
  readonly #database: PGlite;
  readonly #greeting: Buffer;
  readonly #waiting: Client[] = [];
  #owner: Client | undefined;
  #pumping = false;
  #statementCount = 0;

  private constructor(database: PGlite, greeting: Buffer) {
    this.#database = database;
    this.#greeting = greeting;
  }

  static async open(database: PGlite): Promise<SessionBridge> {
    // The engine is greeted once and every client gets that answer: a client's own packet could ask
    // for a user or a protocol that makes the engine exit.
    return new SessionBridge(database, Buffer.concat(await execute(database, startupMessage())));
  }

  /** Serves a client until its socket closes. */
  accept(socket: Socket): void {
    const client: Client = {
      socket,
      opened: false,
      input: Buffer.alloc(0),
      unsent: [],
      requests: [],
      statements: new Map(),
    };
    socket.on('data', (chunk) => {
      client.input = client.input.length === 0 ? chunk : Buffer.concat([client.input, chunk]);
      this.#read(client);
    });
    // A reset is an ordinary way to leave; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#dismiss(client));
  }

  /** Writes everything to the data files. No client may be left. */
  async close(): Promise<void> {
    await execute(this.#database, message('Q', 'CHECKPOINT\0'));
  }

  #read(client: Client): void {
    while (!client.opened) {
      const opening = readOpening(client.input);
      if (!opening) return;
      client.input = client.input.subarray(opening.length);
      if (opening.kind === 'other') return void client.socket.destroy();
      client.opened = opening.kind === 'startup';
      client.socket.write(client.opened ? this.#greeting : 'N');
    }

    for (let next; (next = readMessage(client.input));) {
      client.input = client.input.subarray(next.bytes.length);
      // Terminate ('X'), or what would make the engine exit.
      if (!REQUESTS.includes(next.type) || next.bytes.length < 5) {
        return void client.socket.destroy();
      }
      client.unsent.push(renameStatement(next, (name) => this.#privateName(client, name)));
      const endsCycle = next.type === 'S' || next.type === 'Q' || next.type === 'F';
      if (endsCycle || next.type === 'H') {
        this.#request(client, { bytes: Buffer.concat(client.unsent), endsCycle });
        client.unsent = [];
      }
    }
  }

  // Not the name with a prefix: the engine cuts names at 63 bytes, which could make two of them one.
  #privateName(client: Client, name: string): string {
    const known = client.statements.get(name);
    if (known !== undefined) return known;
    const created = `s${++this.#statementCount}`;
    client.statements.set(name, created);
    return created;
  }

  #dismiss(client: Client): void {
    // What it asked for last and nobody waits for is dropped, like anything unacknowledged.
    client.requests.length = 0;
    if (client !== this.#owner && client.statements.size === 0) return;
    const closes = [...client.statements.values()].map((name) => message('C', `S${name}\0`));
    this.#request(client, { bytes: Buffer.concat([...closes, SYNC]), endsCycle: true, farewell: true });
  }

  #request(client: Client, request: Request): void {
    client.requests.push(request);
    this.#waiting.push(client);
    void this.#pump();
  }

  // A failure here is the engine's own; it is left uncaught and ends the worker.
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let client; (client = this.#next());) {
      const request = client.requests.shift();
      if (!request) continue;
      this.#owner = client;
      if (request.farewell) {
        // First, because Sync ends a half-sent cycle, after whose error all else is ignored.
        await execute(this.#database, SYNC);
        if (this.#database.isInTransaction()) await execute(this.#database, ROLLBACK);
      }
      const answer = await execute(this.#database, request.bytes);
      // It says what was wrong instead of being ready for the next cycle, and would never answer again.
      if (request.endsCycle && !endsReady(Buffer.concat(answer.slice(-READY_BYTES)))) throw new Error(lastError(Buffer.concat(answer)));
      send(client.socket, answer);
      if (request.endsCycle && !this.#database.isInTransaction()) this.#owner = undefined;
    }
    this.#pumping = false;
  }

  #next(): Client | undefined {
    if (!this.#owner) return this.#waiting.shift();
    const index = this.#waiting.indexOf(this.#owner);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }
}

// Not put together first: an answer may be many MiB.
function send(socket: Socket, answer: Buffer[]): void {
  if (!socket.writable) return;
  socket.cork();
  for (const chunk of answer) socket.write(chunk);
  socket.uncork();
}

/** The answer, in the pieces in which the engine gave it. */
async function execute(database: PGlite, request: Buffer): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  // Not execProtocolRaw: that one keeps every answer it ever parsed.
  await database.execProtocolRawStream(request, {
    syncToFs: false,
    // The bytes are a view of the engine's memory, which it is about to overwrite.
    onRawData: (bytes) => void chunks.push(Buffer.from(bytes)),
  });
  return chunks;
}
