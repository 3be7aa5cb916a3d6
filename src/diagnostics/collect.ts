// Reads all that a support case needs. What cannot be read is written down with why, and stops nothing.
import { atMost } from '../dcos/at-most.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { lastLines } from '../dcos/last-output.ts';
import { UserError } from '../errors.ts';
import { makePlan } from '../plan/plan.ts';
import { readCluster } from '../rollout/cluster.ts';
import { findAgent } from '../status/find-agent.ts';
import type { AgentRow, ClusterStatus } from '../status/model.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { readOptionsApp } from '../steps/app-definition.ts';
import { installDocument } from '../view/install-json.ts';
import { statusDocument } from '../view/status-json.ts';
import { Redaction } from './redact.ts';
import { sampleOf } from './sample.ts';

export interface Missing {
  file: string;
  why: string;
}

export interface Collected {
  /** Content by name in the archive, manifest first. */
  files: Map<string, string>;
  missing: Missing[];
  agents: string[];
  /** Agents that are not ready and whose own files were left out. */
  leftOut: number;
}

export interface CollectRequest {
  /** Addresses or ids; empty: a sample. */
  agents: readonly string[];
  version: string;
  /** Texts that must not be in it, wherever they come from. */
  secrets: readonly (string | undefined)[];
  /** ms since 1970. */
  now: number;
  progress?: (what: string) => void;
}

const AGENTS_AT_A_TIME = 8;
/** Lines of a task's output, and at most so many bytes. */
const LINES = 400;
const MOST_BYTES = 128 * 1024;

/** Throws only for a login that is over. */
export async function collect(cluster: Cluster, request: CollectRequest): Promise<Collected> {
  return new Collection(cluster, request).run();
}

class Collection {
  readonly #cluster: Cluster;
  readonly #request: CollectRequest;
  readonly #redact: Redaction;
  readonly #files = new Map<string, string>();
  readonly #missing: Missing[] = [];

  constructor(cluster: Cluster, request: CollectRequest) {
    this.#cluster = cluster;
    this.#request = request;
    this.#redact = new Redaction(request.secrets);
  }

  async run(): Promise<Collected> {
    const { cluster, agents } = await this.#whole();
    const rows = sampleOf(cluster ?? NOTHING, agents);
    this.#request.progress?.(`Reading what the steps of ${rows.rows.length} agents say`);
    const frameworkId = this.#frameworkId;
    await atMost(AGENTS_AT_A_TIME, rows.rows, (row) => this.#agent(row, frameworkId));
    const addresses = rows.rows.map(({ address }) => address);
    const manifest = {
      made: new Date(this.#request.now).toISOString(),
      program: `dcos-calico ${this.#request.version}`,
      cluster: this.#cluster.url,
      agents: addresses,
      notReadyLeftOut: rows.leftOut,
      files: [...this.#files].map(([file, content]) => ({ file, bytes: Buffer.byteLength(content) })),
      missing: this.#missing,
    };
    const files = new Map([['manifest.json', this.#redact.json(manifest)], ...this.#files]);
    return { files, missing: this.#missing, agents: addresses, leftOut: rows.leftOut };
  }

  #frameworkId = '';

  /** What concerns the cluster as a whole. */
  async #whole(): Promise<{ cluster: ClusterStatus | undefined; agents: AgentRow[] | undefined }> {
    const { marathon, mesos } = this.#cluster;
    this.#request.progress?.('Reading the cluster');
    const status = new StatusReader({ ...statusSource(this.#cluster), now: () => this.#request.now }).read();
    const [read, , , group] = await Promise.all([
      this.#part('status.json', async () => statusDocument(await status)).then(() =>
        status.catch(() => undefined),
      ),
      this.#part('versions.json', async () => ({
        dcos: await this.#cluster.version().catch(this.#noted('versions.json: dcos')),
        marathon: await marathon.info().then((info) => {
          this.#frameworkId = info.frameworkId ?? '';
          return info;
        }),
        program: this.#request.version,
      })),
      this.#part('agents.json', async () => (await mesos.agents(undefined, { whole: true })).agents),
      this.#part('marathon/group.json', () => marathon.group('/calico', undefined, { whole: true })),
      this.#part('marathon/deployments.json', () => marathon.deployments()),
      this.#part('marathon/queue.json', () => marathon.queue()),
    ]);
    if (read && read.calico !== 'not installed') await this.#part('plan.json', () => this.#plan());
    const options = group?.apps.find(({ id }) => id === '/calico/options');
    if (options) await this.#part('options.json', async () => readOptionsApp(options) ?? options.env);
    const named = this.#request.agents.flatMap((one) => {
      const found = read ? findAgent(read.agents, one) : { near: [] };
      if ('row' in found) return [found.row];
      this.#missing.push({ file: `agents/${one}`, why: 'the cluster has no agent of that name' });
      return [];
    });
    return { cluster: read, agents: this.#request.agents.length > 0 ? named : undefined };
  }

  /** What an install would do now, with the options in force. */
  async #plan(): Promise<unknown> {
    const { installed, info, carrier, ...snapshot } = await readCluster(this.#cluster);
    if (!installed) return undefined;
    const plan = makePlan({
      ...snapshot,
      options: installed.options,
      installed,
      marathon: { version: info.version, carrier },
      who: '',
      command: '',
      message: '',
      now: this.#request.now,
    });
    return installDocument(plan, []);
  }

  async #part<T>(file: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      const value = await read();
      if (value === undefined) this.#missing.push({ file, why: 'there is none' });
      else this.#files.set(file, this.#redact.json(value));
      return value;
    } catch (error) {
      this.#note(file, error);
      return undefined;
    }
  }

  #noted = (file: string) => (error: unknown) => this.#note(file, error);

  #note(file: string, error: unknown): void {
    // A login that is over is no property of the cluster.
    if (error instanceof UserError && /^(not-logged-in|login-expired)$/.test(error.problem.code)) throw error;
    this.#missing.push({
      file,
      why: error instanceof Error ? this.#redact.text(error.message) : String(error),
    });
  }

  async #agent({ address, id, mesos, cells }: AgentRow, frameworkId: string): Promise<void> {
    const { files } = this.#cluster;
    for (const { step, taskId } of cells) {
      const folder = `agents/${address}/${step}`;
      if (!taskId) {
        this.#missing.push({ file: folder, why: 'no task' });
        continue;
      }
      const task = { agentId: id, frameworkId, taskId, ...(mesos ? { mesosVersion: mesos.version } : {}) };
      await this.#part(`${folder}/status.json`, () => files.statusJson(task));
      for (const name of ['stdout', 'stderr'] as const) {
        try {
          const sandbox = await files.sandbox(task);
          const tail =
            sandbox && (await lastLines(files, id, `${sandbox}/${name}`, LINES, { most: MOST_BYTES }));
          if (tail) this.#files.set(`${folder}/${name}.txt`, this.#redact.text(`${tail.lines.join('\n')}\n`));
          else this.#missing.push({ file: `${folder}/${name}.txt`, why: 'there is none' });
        } catch (error) {
          this.#note(`${folder}/${name}.txt`, error);
          // An agent that does not answer is not asked ten times, each until it times out.
          if (isDead(error)) {
            this.#missing.push({
              file: `agents/${address}`,
              why: 'not asked for more, as it does not answer',
            });
            return;
          }
        }
      }
    }
  }
}

function isDead(error: unknown): boolean {
  return error instanceof UserError && /time-out|unreachable|admin-router-50/.test(error.problem.code);
}

const NOTHING = { agents: [] as AgentRow[] } as unknown as ClusterStatus;
