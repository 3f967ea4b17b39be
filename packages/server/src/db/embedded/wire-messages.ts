/** A message of the PostgreSQL wire protocol from client to server, with its header. */
export type FrontendMessage = { readonly type: string; readonly bytes: Buffer };

const PROTOCOL_3 = 3;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

/** What a client says before its first typed message. */
export type Opening = 'startup' | 'encryption' | 'other';

/** Reads the opening packet at the start of `input`; undefined while it is incomplete. */
export function readOpening(input: Buffer): { kind: Opening; length: number } | undefined {
  if (input.length < 8) return undefined;
  const length = input.readUInt32BE(0);
  const code = input.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption', length };
  if (code >> 16 !== PROTOCOL_3) return { kind: 'other', length };
  return input.length < length ? undefined : { kind: 'startup', length };
}

/** Reads the message at the start of `input`; undefined while it is incomplete. */
export function readMessage(input: Buffer): FrontendMessage | undefined {
  if (input.length < 5) return undefined;
  const end = 1 + input.readUInt32BE(1);
  if (input.length < end) return undefined;
  return { type: String.fromCharCode(input[0]!), bytes: input.subarray(0, end) };
}

/** How long the message is that ends an answer; in no more pieces than that it can come. */
export const READY_BYTES = 6;

/** Whether an answer ends with the database being ready for the next cycle. */
export function endsReady(answer: Buffer): boolean {
  // ReadyForQuery: its letter, its length of five bytes, and the state of the transaction.
  return answer.length >= READY_BYTES && answer.toString('latin1', answer.length - READY_BYTES, answer.length - 1) === 'Z\0\0\0\x05';
}

/** What the last error of an answer says. */
export function lastError(answer: Buffer): string {
  let text = 'no answer';
  for (let next, rest = answer; (next = readMessage(rest)); rest = rest.subarray(next.bytes.length)) {
    if (next.type !== 'E') continue;
    // Fields, each a letter and a text; M is the message.
    const fields = next.bytes.toString('utf8', 5).split('\0');
    text = fields.find((field) => field.startsWith('M'))?.slice(1) ?? text;
  }
  return text;
}

/** A message of one type around a body. */
export function message(type: string, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.allocUnsafe(5 + Buffer.byteLength(body));
  bytes.write(type, 0, 'latin1');
  bytes.writeInt32BE(bytes.length - 1, 1);
  if (typeof body === 'string') bytes.write(body, 5);
  else body.copy(bytes, 5);
  return bytes;
}

/** The packet with which a client opens a session. */
export function startupMessage(): Buffer {
  const body = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const bytes = Buffer.alloc(8 + body.length);
  bytes.writeInt32BE(bytes.length, 0);
  bytes.writeInt32BE(PROTOCOL_3 << 16, 4);
  body.copy(bytes, 8);
  return bytes;
}

/** The message with the name of its prepared statement, if it has one, passed through `rename`. */
export function renameStatement({ type, bytes }: FrontendMessage, rename: (name: string) => string): Buffer {
  const start = statementNameOffset(type, bytes);
  if (start === undefined) return bytes;
  const end = bytes.indexOf(0, start);
  if (end <= start) return bytes;
  const name = rename(bytes.toString('utf8', start, end));
  const body = [bytes.subarray(5, start), Buffer.from(name), bytes.subarray(end)];
  return message(type, Buffer.concat(body));
}

function statementNameOffset(type: string, bytes: Buffer): number | undefined {
  switch (type) {
    case 'P': // Parse: the statement's name comes first
      return 5;
    case 'B': // Bind: after the portal's name
      return bytes.indexOf(0, 5) + 1;
    case 'D': // Describe and Close: after one letter, S for a statement or P for a portal
    case 'C':
      return bytes[5] === 0x53 ? 6 : undefined;
    default:
      return undefined;
  }
}
