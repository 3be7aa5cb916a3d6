// A headless Chromium, spoken to by its DevTools protocol.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The program, `CHROMIUM` first; undefined: this machine has none. */
export function findChromium(): string | undefined {
  const names = process.env.CHROMIUM ? [process.env.CHROMIUM] : NAMES;
  return names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

type Answer = Record<string, unknown>;

export class Browser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #port: string;
  readonly #tabs = new Map<Tab, string>();

  private constructor(child: ChildProcess, profile: string, port: string) {
    this.#child = child;
    this.#profile = profile;
    this.#port = port;
  }

  static async start(program: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'dcos-calico-browser-'));
    const child = spawn(
      program,
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--hide-scrollbars',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-crash-reporter',
        '--disable-breakpad',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const port = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stderr!.on('data', (data: Buffer) => {
        said += data.toString();
        const found = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(said);
        if (found) resolve(found[1]!);
      });
      child.on('error', reject);
      child.on('close', (code) => reject(new Error(`${program} ended with ${code}:\n${said}`)));
    });
    return new Browser(child, profile, port);
  }

  /** A new tab, `width` × `height` CSS pixels, in light or dark. */
  async tab(width: number, height: number, { dark = false, scale = 1 } = {}): Promise<Tab> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/json/new?about:blank`, { method: 'PUT' });
    const { id, webSocketDebuggerUrl } = (await answer.json()) as {
      id: string;
      webSocketDebuggerUrl: string;
    };
    const tab = await Tab.open(webSocketDebuggerUrl);
    this.#tabs.set(tab, id);
    await tab.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: false,
    });
    await tab.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    return tab;
  }

  /** What a page takes is given free. */
  async close(tab: Tab): Promise<void> {
    tab.close();
    await fetch(`http://127.0.0.1:${this.#port}/json/close/${this.#tabs.get(tab)}`);
    this.#tabs.delete(tab);
  }

  /** Its helpers end with it: each of them looks whether it is still there. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    for (const tab of this.#tabs.keys()) tab.close();
    this.#child.kill('SIGTERM');
    await closed;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Tab {
  /** Addresses that the page asked for. */
  readonly requests: string[] = [];
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();
  readonly #events = new Map<string, () => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
  }

  static async open(url: string): Promise<Tab> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error('the browser does not answer')), {
        once: true,
      });
    });
    const tab = new Tab(socket);
    await Promise.all([
      tab.send('Page.enable'),
      tab.send('Network.enable'),
      tab.send('Accessibility.enable'),
    ]);
    return tab;
  }

  send(method: string, params: Answer = {}): Promise<Answer> {
    const id = ++this.#last;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Opens a page and waits until it is there. */
  async open(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#events.set('Page.loadEventFired', resolve));
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression in the page, as JSON has it. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  /** A picture of what is in the window, or of a strip of the page. */
  async png(strip?: { y: number; height: number }): Promise<Buffer> {
    const width = await this.value<number>('innerWidth');
    const { data } = await this.send('Page.captureScreenshot', {
      format: 'png',
      ...(strip ? { captureBeyondViewport: true, clip: { x: 0, width, scale: 1, ...strip } } : {}),
    });
    return Buffer.from(data as string, 'base64');
  }

  close(): void {
    this.#socket.close();
  }

  #take({ id, result, error, method, params }: Answer): void {
    if (typeof id === 'number') {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(JSON.stringify(error)));
      else waiting?.resolve(result as Answer);
      return;
    }
    if (method === 'Network.requestWillBeSent')
      this.requests.push((params as { request: { url: string } }).request.url);
    this.#events.get(method as string)?.();
  }
}
