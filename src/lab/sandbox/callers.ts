// Takes the calls of a host's stand-ins over a loopback port, which answers only to who knows the host's secret.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Call } from './call.ts';

const SECRET_BYTES = 32;

/** Reads a socket in pieces of known size. */
class Reader {
  #buffer = Buffer.alloc(0);
  #wanted: { size: number; resolve: (data: Buffer) => void; reject: (error: Error) => void } | undefined;
  #ended = false;

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#serve();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wanted?.reject(new Error('the caller is gone'));
    });
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (!wanted || this.#buffer.length < wanted.size) return;
    this.#wanted = undefined;
    const data = this.#buffer.subarray(0, wanted.size);
    this.#buffer = this.#buffer.subarray(wanted.size);
    wanted.resolve(data);
  }

  read(size: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended && this.#buffer.length < size) return reject(new Error('the caller is gone'));
      this.#wanted = { size, resolve, reject };
      this.#serve();
    });
  }
}

export interface Callers {
  port: number;
  secret: string;
  close(): Promise<void>;
}

function frame(kind: string, data: Uint8Array | string): Buffer {
  const body = Buffer.from(data as string);
  const head = Buffer.alloc(5);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

async function serve(socket: Socket, secret: string, answer: (call: Call) => Promise<number>): Promise<void> {
  const reader = new Reader(socket);
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  const shown = await reader.read(SECRET_BYTES);
  if (!timingSafeEqual(shown, Buffer.from(secret))) {
    socket.destroy();
    return;
  }
  const size = (await reader.read(4)).readUInt32BE(0);
  const fields = (await reader.read(size)).toString('utf8').split('\0');
  const [name, cwd, count] = fields as [string, string, string];
  const args = fields.slice(3, 3 + Number(count));
  const env: Record<string, string> = {};
  for (const entry of fields.slice(3 + Number(count))) {
    const equals = entry.indexOf('=');
    if (equals > 0) env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  let input: Promise<Buffer> | undefined;
  const readInput = async (): Promise<Buffer> => {
    socket.write(frame('i', ''));
    const chunks: Buffer[] = [];
    for (;;) {
      const length = (await reader.read(4)).readUInt32BE(0);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(await reader.read(length));
    }
  };
  const write = (kind: string) => (text: string | Uint8Array) => {
    if (!socket.destroyed && text.length) socket.write(frame(kind, text));
  };
  const code = await answer({
    name,
    cwd,
    args,
    env,
    stdin: () => {
      input ??= readInput();
      return input;
    },
    out: write('1'),
    err: write('2'),
    signal: gone.signal,
  });
  if (!socket.destroyed) socket.end(frame('x', String(code)));
}

/** Listens for one host's stand-ins. `answer` never rejects for a fault of the host: that is an exit code. */
export async function listenForCallers(answer: (call: Call) => Promise<number>): Promise<Callers> {
  const secret = randomBytes(SECRET_BYTES / 2).toString('hex');
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, secret, answer).catch((error: unknown) => {
      // A caller that was killed is no error; anything else is one of the lab, and said where the script's output goes.
      if (!socket.destroyed) {
        socket.write(frame('2', `${error instanceof Error ? error.stack : String(error)}\n`));
        socket.end(frame('x', '254'));
      }
    });
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    secret,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
