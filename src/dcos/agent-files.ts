// Files in the sandboxes of tasks, read through the agents' file API (facts: at most 65,536 bytes a read).
import { UserError } from '../errors.ts';
import type { Http } from './http.ts';
import { FILE_PART, SANDBOXES } from './shapes.ts';
import { isAtLeast, parseVersion } from './version.ts';

export interface SandboxOf {
  agentId: string;
  frameworkId: string;
  /** Of a command task it is the executor's id too. */
  taskId: string;
  /** The agent's Mesos version, where known: it decides how the sandbox is found. */
  mesosVersion?: string;
}

const PART_BYTES = 65_536;
/** A character is at most four bytes: a part that ends within one is asked for again, up to three bytes shorter. */
const SHORTEST_PART = PART_BYTES - 3;
/** `status.json` is about 1 KB. */
const STATUS_BYTES = 256 * 1024;

export class AgentFiles {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The first `maxBytes` of a file in a sandbox; undefined if it is not there. `sandboxPath`: as `sandbox()` gives it. */
  async readText(
    agentId: string,
    sandboxPath: string,
    file: string,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    let text = '';
    for (let offset = 0; offset < maxBytes; ) {
      const most = Math.min(PART_BYTES, maxBytes - offset);
      const part = await this.#part(agentId, `${sandboxPath}/${file}`, offset, most, signal);
      if (!part) return offset === 0 ? undefined : text;
      text += part.data;
      // What is not UTF-8 takes more bytes here than on the agent, never fewer.
      if (Buffer.byteLength(part.data) < part.asked) return text;
      offset += part.asked;
    }
    return text;
  }

  /** A file's size in bytes; undefined if it is not there (recorded: a read without an offset gives only the size). */
  async size(agentId: string, path: string, signal?: AbortSignal): Promise<number | undefined> {
    const part = await this.#http.jsonIfThere(
      { path: readPath(agentId), query: [['path', path]], signal },
      FILE_PART,
    );
    return part?.offset;
  }

  /** The bytes of a file from `from` up to `to`, which it has (see `size`); undefined if it is not there any more. */
  async range(
    agentId: string,
    path: string,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    let text = '';
    for (let offset = from; offset < to; ) {
      const part = await this.#part(agentId, path, offset, Math.min(PART_BYTES, to - offset), signal);
      if (!part) return offset === from ? undefined : text;
      text += part.data;
      offset += part.asked;
    }
    return text;
  }

  /** A step's `status.json`, decoded; undefined if it is not there (yet). Throws `broken-status` if it is not JSON. */
  async statusJson(task: SandboxOf, signal?: AbortSignal): Promise<unknown> {
    const path = await this.sandbox(task, signal);
    const text = path && (await this.readText(task.agentId, path, 'status.json', STATUS_BYTES, signal));
    if (!text) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw new UserError({
        code: 'broken-status',
        what: `The report of the task ${task.taskId} cannot be read`,
        why: 'its status.json is not JSON',
      });
    }
  }

  /**
   * Where an agent serves the sandbox of a task's latest run. Since Mesos 1.5 (MESOS-7899) by a path made of ids;
   * before (DC/OS 1.9 and 1.10) only by its directory, which the agent's state tells.
   */
  async sandbox(task: SandboxOf, signal?: AbortSignal): Promise<string | undefined> {
    const version = task.mesosVersion === undefined ? undefined : parseVersion(task.mesosVersion);
    if (!version || isAtLeast(version, '1.5')) {
      return `/frameworks/${task.frameworkId}/executors/${task.taskId}/runs/latest`;
    }
    const path = `/agent/${encodeURIComponent(task.agentId)}/state`;
    const sandboxes = await this.#http.jsonIfThere({ path, signal }, SANDBOXES);
    return sandboxes?.find(
      ({ frameworkId, executorId }) => frameworkId === task.frameworkId && executorId === task.taskId,
    )?.directory;
  }

  async #part(agentId: string, path: string, offset: number, most: number, signal?: AbortSignal) {
    for (let asked = most; ; asked--) {
      const part = await this.#http.jsonIfThere(
        {
          path: readPath(agentId),
          query: [
            ['path', path],
            ['offset', offset],
            ['length', asked],
          ],
          signal,
        },
        FILE_PART,
      );
      if (!part) return undefined;
      const cut = most === PART_BYTES && asked > SHORTEST_PART && part.data.endsWith('\ufffd');
      if (!cut) return { data: part.data, asked };
    }
  }
}

const readPath = (agentId: string) => `/agent/${encodeURIComponent(agentId)}/files/read`;
