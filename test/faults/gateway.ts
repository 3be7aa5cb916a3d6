// What stands between a client and the lab on the wire: it can refuse connections, and break them in ways that no HTTP server can.
import net from 'node:net';

const NOISE = 'this is neither TLS nor HTTP\r\n\r\n';

export class Gateway {
  readonly url: string;
  readonly #server: net.Server;
  readonly #port: number;
  readonly #sockets = new Set<net.Socket>();
  #noise = false;

  private constructor(server: net.Server, scheme: string, target: number) {
    this.#server = server;
    this.#port = (server.address() as net.AddressInfo).port;
    this.url = `${scheme}://127.0.0.1:${this.#port}`;
    server.on('connection', (client) => this.#connect(client, target));
  }

  /** In front of a server on loopback. */
  static async before(url: string): Promise<Gateway> {
    const { protocol, port } = new URL(url);
    const server = net.createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new Gateway(server, protocol.slice(0, -1), Number(port));
  }

  #connect(client: net.Socket, target: number): void {
    const lab = net.connect(target, '127.0.0.1');
    for (const socket of [client, lab]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        lab.destroy();
      });
    }
    if (this.#noise) client.write(NOISE);
    client.pipe(lab);
    lab.pipe(client);
  }

  /** From now on nobody listens, and what is connected is cut. */
  refuse(): void {
    this.#server.close();
    this.#cut();
  }

  /** From now on each connection begins with what is neither TLS nor HTTP, and what is connected gets it in the middle. */
  garble(): void {
    this.#noise = true;
    for (const socket of this.#sockets) if (socket.localPort === this.#port) socket.write(NOISE);
    this.#cut();
  }

  /** As it should be again. */
  async mend(): Promise<void> {
    this.#noise = false;
    if (!this.#server.listening)
      await new Promise<void>((done) => this.#server.listen(this.#port, '127.0.0.1', done));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.#cut();
    if (this.#server.listening) await new Promise((done) => this.#server.close(done));
  }
}
