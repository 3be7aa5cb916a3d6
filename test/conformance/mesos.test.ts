// The lab's Mesos against what was recorded of Mesos 1.11.1, request by request, in the situations of the recordings.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { VirtualClock } from '../../src/lab/clock.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { TaskInfo } from '../../src/lab/types.ts';
import { FixtureRunner } from './fixture-runner.ts';
import { KNOWN } from './mesos-known.ts';
import { situations } from './mesos-situations.ts';
import { differences, NumberText, parseExact, type Rules } from './shape.ts';

const folder = join(import.meta.dirname, 'recordings', 'mesos-1.11.1');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface Exchange {
  request: { method: string; path: string; server: string; headers?: Record<string, string>; body?: unknown };
  response: { status: NumberText; headers: Record<string, string>; body: unknown };
}

const clock = new VirtualClock(Date.parse('2026-11-24T02:55:46Z'));
const runner = new FixtureRunner((ms, run) => void clock.after(ms, run));
const lab = await startLab({
  dcos: '2.2',
  clock,
  runner,
  agents: [
    { host: '10.0.1.11', public: false, mem: 4096, attributes: { rack: 'r1', zone: 'us-west-2a' } },
    { host: '10.0.1.12', public: false, mem: 4096, attributes: { rack: 'r2', zone: 'us-west-2a' } },
    { host: '10.0.1.13', public: true, mem: 4096, attributes: { rack: 'r1', zone_num: 7 } },
  ],
});
after(() => lab.stop());
/** Agents by the number in their recorded id. */
const agents = ['10.0.1.11', '10.0.1.12', '10.0.1.13'];
// It would kill the tasks of this test, which it does not know.
lab.marathon.stop();
// The recorded framework does not ask for it.
lab.master.tellsKilling = false;
const ids = agents.map((host) => lab.master.agentAt(host).id);

/** Attributes are the operator's: `GET_AGENTS` says their types. */
const ATTRIBUTES = /\/attributes\/\w+: (not recorded|missing)$/;

/** Later recordings are of other masters: which of the agents their S0 and S1 were. */
const AGENTS: Record<string, number[]> = { '94464810': [2, 0], '0ff178af': [1] };

const RULES: Rules = {
  maps: /(\/flags|reserved_resources(_full|_allocated)?)$/,
  words: /(^|\/)(state|type|data|mode|healthy)$/,
};

test('the lab answers as Mesos 1.11.1 was recorded', async () => {
  const found: string[] = [];
  let compared = 0;
  for (const { title, prepare, recordings } of situations) {
    await prepare({ lab, clock, runner, ids, launch });
    for (const number of recordings) {
      const name = names.find((file) => file.startsWith(`${number}-`));
      assert.ok(name, `no recording ${number}`);
      compared++;
      for (const difference of await compare(name))
        found.push(`${name.replace('.json', '')} (${title}): ${difference}`.slice(0, 300));
    }
  }
  const unexpected = found.filter((line) => !KNOWN.some(({ pattern }) => pattern.test(line)));
  assert.deepEqual(unexpected, []);
  const unused = KNOWN.filter(({ pattern }) => !found.some((line) => pattern.test(line)));
  assert.deepEqual(unused, [], 'differences that are no longer there');
  assert.ok(compared > 150, `only ${compared} exchanges were compared`);
});

function launch(id: string, host: string, more: Partial<TaskInfo> = {}): void {
  const offer = lab.master.offers().find((one) => one.host === host)!;
  lab.master.launch(offer, {
    id,
    appId: `/${id}`,
    frameworkId: lab.master.frameworkId,
    agentId: offer.agentId,
    cmd: 'env > env.txt; sleep 1000',
    env: {},
    user: 'root',
    role: 'slave_public',
    cpus: 0.1,
    mem: 32,
    disk: 0,
    ports: [],
    healthCheck: {
      command: 'true',
      gracePeriodSeconds: 5,
      intervalSeconds: 1,
      timeoutSeconds: 5,
      delaySeconds: 0,
      maxConsecutiveFailures: 3,
    },
    killGraceSeconds: 5,
    ...more,
  });
}

async function compare(name: string): Promise<string[]> {
  const text = readFileSync(join(folder, name), 'utf8');
  const { request, response } = parseExact(translated(text)) as Exchange;
  const answer = await ask(request);
  const status = Number(response.status.text);
  if (answer.status !== status)
    return [`status: recorded ${status}, here ${answer.status} ${answer.text.slice(0, 100)}`];
  const result: string[] = [];
  const type = (headers: Record<string, string>) =>
    Object.entries(headers).find(([key]) => key.toLowerCase() === 'content-type')?.[1];
  if (type(response.headers) !== type(answer.headers)) {
    result.push(`content type: recorded ${type(response.headers)}, here ${type(answer.headers)}`);
  }
  const encoding = (headers: Record<string, string>) =>
    headers['Content-Encoding'] ?? headers['content-encoding'] ?? 'none';
  if (encoding(response.headers) !== encoding(answer.headers)) {
    result.push(`encoding: recorded ${encoding(response.headers)}, here ${encoding(answer.headers)}`);
  }
  if (request.method === 'HEAD') return result;
  if (typeof response.body === 'string' && response.body.startsWith('cb(')) {
    const inner = (text: string) => parseExact(text.slice(3, -1));
    assert.match(answer.text, /^cb\(.*\)$/);
    return [...result, ...differences(inner(response.body), inner(answer.text), RULES)];
  }
  if (typeof response.body === 'string') {
    // Long bodies that are the same as another's, or trimmed, say so.
    if (!/^\(same as |^\(flags\)$|\(trimmed\)$/.test(response.body) && response.body !== answer.text)
      result.push(`body: recorded "${response.body}", here "${answer.text}"`);
    return result;
  }
  let body: unknown;
  try {
    body = parseExact(answer.text);
  } catch {
    return [...result, `body: recorded JSON, here "${answer.text.slice(0, 100)}"`];
  }
  if (Array.isArray(response.body) && !Array.isArray(body))
    return [...result, ...excerpt(response.body, body)];
  return [...result, ...differences(response.body, body, RULES)].filter((line) => !ATTRIBUTES.test(line));
}

/** Of some long lists only a few agents, or a few fields of each, were kept: those have to say the same. */
function excerpt(recorded: unknown[], body: unknown): string[] {
  const { slaves, get_agents } = body as { slaves?: Fields[]; get_agents?: { agents: Fields[] } };
  const list = slaves ?? get_agents?.agents ?? [];
  const idOf = (agent: Fields) => agent.id ?? ((agent.agent_info as Fields).id as Fields).value;
  const result: string[] = [];
  for (const agent of recorded as Fields[]) {
    const here = list.find((one) => idOf(one) === idOf(agent));
    if (!here) result.push(`an agent is missing`);
    for (const key of ['active', 'deactivated'].filter((name) => name in agent)) {
      if (here && here[key] !== agent[key]) result.push(`${key}: recorded ${agent[key]}, here ${here[key]}`);
    }
    if (here) result.push(...differences([agent], [{ ...here }], { ...RULES, excerpt: true }));
  }
  return result;
}

type Fields = Record<string, unknown>;

/** The recorded ids, with those of the lab in their place. */
function translated(text: string): string {
  const agentId = /([0-9a-f]{8})-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}-S(\d)/g;
  return text
    .replace(agentId, (id, master, n) => ids[AGENTS[master]?.[Number(n)] ?? Number(n)] ?? id)
    .replace(/(?<=framework_id=|frameworks\/)[0-9a-f-]{36}-\d{4}/g, lab.master.frameworkId)
    .replace(/(?<=executors\/([\w-]+)\/runs\/)[0-9a-f-]{36}/g, (id, task) => containerOf(lab, task) ?? id)
    .replaceAll('/var/lib/mesos/slave/agent1/', '/var/lib/mesos/slave/');
}

function containerOf({ master }: Lab, task: string): string | undefined {
  return (master.task(task) ?? master.completed.find(({ info }) => info.id === task))?.containerId;
}

async function ask(request: Exchange['request']) {
  const agent = /^127\.0\.0\.(\d+):5051$/.exec(request.server)?.[1];
  const host = agent && ids[Number(agent) - 2];
  const path = host ? `/agent/${host}${request.path}` : `/mesos${request.path}`;
  const body = request.body === undefined ? undefined : plain(request.body);
  const url = new URL(lab.url);
  return new Promise<{ status: number; headers: Record<string, string>; text: string }>((resolve, reject) => {
    const sent = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        method: request.method,
        path: path.replaceAll(' ', '%20'),
        headers: { authorization: `token=${lab.token}`, ...request.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const all = Buffer.concat(chunks);
          const text = response.headers['content-encoding'] === 'gzip' ? gunzipSync(all) : all;
          resolve({
            status: response.statusCode!,
            headers: response.headers as Record<string, string>,
            text: text.toString(),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function plain(body: unknown): string {
  if (typeof body === 'string') return body;
  return JSON.stringify(body, (_key, value) => (value instanceof NumberText ? Number(value.text) : value));
}
