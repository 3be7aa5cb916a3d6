// Replays a recorded sequence against the lab's Marathon and lists every difference.
import { Comparison, type Difference } from './marathon-compare.ts';
import type { MarathonWorld } from './marathon-world.ts';
import type { Recording } from './recordings.ts';

/** Added by whoever carries the answer: the server (length, encoding). */
const OF_THE_SERVER = ['content-length', 'transfer-encoding', 'date'];

export interface Script {
  world: MarathonWorld;
  recordings: Recording[];
  /** What happens before a recording's request; default: as much time passes as in the recording. */
  before: Record<string, (world: MarathonWorld) => void | Promise<void>>;
}

function headers(all: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !OF_THE_SERVER.includes(name))
      .sort(),
  );
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function replay({ world, recordings, before }: Script): Promise<Difference[]> {
  const comparison = new Comparison();
  let last = Date.parse(recordings[0]!.response.headers.Date!);
  for (const { name, request, response } of recordings) {
    const at = Date.parse(response.headers.Date!);
    if (before[name]) await before[name](world);
    else world.clock.advance(at - last);
    last = at;
    const [path = '', query = ''] = comparison.translate(request.path).split('?');
    const { body } = request;
    const text =
      body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await world.marathon.handle({
      method: request.method,
      path,
      query: new URLSearchParams(query),
      headers: {},
      body: comparison.translate(text),
    });
    if (answer.status !== response.status) {
      comparison.report(name, 'status', response.status, `${answer.status} ${answer.body}`);
      continue;
    }
    comparison.compare(`${name} headers`, masked(headers(response.headers)), masked(headers(answer.headers)));
    comparison.compare(name, response.body, bodyOf(String(answer.body)));
  }
  return comparison.differences;
}

/** The deployment's id is compared where it stands in the body. */
function masked(all: Record<string, string>): Record<string, string> {
  return 'marathon-deployment-id' in all ? { ...all, 'marathon-deployment-id': '<uuid>' } : all;
}
