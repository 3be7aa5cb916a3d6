// A test of the network as text: what it will run, who reached whom, and which link is broken.
import { pairsOf } from '../connectivity/pairs.ts';
import type { PreparedConnectivity } from '../connectivity/prepare.ts';
import type { ConnectivityResult } from '../connectivity/run.ts';
import type { BrokenLink, Connection, Got } from '../connectivity/types.ts';
import { CONNECTIVITY_PORT, type Kind, TEST_NETWORK } from '../steps/connectivity/definition.ts';
import { type Paint, paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { type Row, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const KINDS: Record<Kind, string> = { mesos: 'UCR', docker: 'Docker' };
const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

function hanging(text: string, width: number, indent = ''): string[] {
  const lines = wrap(text, width, `${indent}  `);
  return [indent + lines[0]!.trimStart(), ...lines.slice(1)];
}

/** What is about to be run, before anything is. */
export function announcement(
  { agents: chosen, kinds, of, image, options }: PreparedConnectivity,
  { width, colour }: Terminal,
): string {
  const tasks = chosen.length * kinds.length * 2;
  const pairs = pairsOf(chosen, kinds).length;
  const networks = kinds.map((kind) =>
    kind === 'mesos'
      ? `UCR on the network ${plainText(options.cni['network-name'])}`
      : `Docker on a network made for it, ${TEST_NETWORK}, with the image ${plainText(image)}`,
  );
  const ring = chosen.map(({ host, type }) => `${plainText(host)}${type === 'public' ? ' (public)' : ''}`);
  return [
    paint(
      `Test the network between ${agents(chosen.length)}${of > chosen.length ? ` of ${of} that Calico is ready on` : ''}`,
      'bold',
      colour,
    ),
    ...hanging(
      chosen.length > 1
        ? `In a ring, each asking itself and the next: ${ring.join(', ')}`
        : `Only within ${ring[0]}: between agents it takes two`,
      width,
    ),
    ...hanging(
      `${tasks} small tasks (0.05 CPU, 32 MiB each) in containers: ${networks.join('; ')}. They make ${pairs} connections on port ${CONNECTIVITY_PORT}`,
      width,
    ),
    ...hanging(
      `One or two more on ${plainText(chosen[0]!.host)} fetch calicoctl and tell Calico ${kinds.includes('docker') ? 'a profile and policies' : 'policies'} that concern these containers alone`,
      width,
    ),
    'All of it is taken away again; no agent and no other task is changed',
  ].join('\n');
}

const WORDS: Record<Got, string> = {
  ok: 'ok',
  timeout: 'no answer',
  refused: 'refused',
  unreachable: 'no route',
  other: 'wrong answer',
  failed: 'failed',
  'no answer': 'not asked',
};

function cell(connection: Connection | undefined): { text: string; paint?: Paint } {
  if (!connection) return { text: '-' };
  const { got, passed } = connection;
  return { text: WORDS[got], paint: passed ? 'green' : 'red' };
}

/** More pairs of agents than these are shown only where something fails. */
const ROWS = 16;

/** Who reached whom while everybody may: a row a pair of agents, a column a pair of kinds. */
function table(connections: readonly Connection[], kinds: readonly Kind[], colour: boolean): string[] {
  const open = connections.filter(({ phase }) => phase === 'open');
  const ways = new Map<string, Connection[]>();
  for (const connection of open) {
    const way = `${connection.from.host} ${connection.to.host}`;
    ways.set(way, [...(ways.get(way) ?? []), connection]);
  }
  const combinations = kinds.flatMap((from) => kinds.map((to) => [from, to] as const));
  const all = [...ways];
  const shown = all.length > ROWS ? all.filter(([, some]) => some.some(({ passed }) => !passed)) : all;
  if (shown.length === 0) return [];
  const rows: Row[] = shown.map(([way, some]) => {
    const [from = '', to = ''] = way.split(' ');
    return {
      cells: [
        { text: plainText(from) },
        { text: from === to ? 'itself' : plainText(to) },
        ...combinations.map(([one, other]) =>
          cell(some.find((each) => each.from.kind === one && each.to.kind === other)),
        ),
      ],
    };
  });
  const headings = [
    'FROM',
    'TO',
    ...combinations.map(([from, to]) => `${KINDS[from]}>${KINDS[to]}`.toUpperCase()),
  ];
  return [
    ...tableLines(
      headings.map((heading) => ({ heading })),
      rows,
      colour,
    ),
    ...(all.length > shown.length
      ? [`and ${all.length - shown.length} pairs of agents without a failure`]
      : []),
    '',
  ];
}

function guardLine(connections: readonly Connection[], width: number): string[] {
  const guarded = connections.filter(({ phase }) => phase === 'guarded');
  if (guarded.length === 0) return [];
  const blocked = guarded.filter(({ expected }) => expected === 'blocked');
  const open = guarded.filter(({ expected }) => expected === 'reach');
  const good = (some: readonly Connection[]) => some.filter(({ passed }) => passed).length;
  const rest = open.length > 0 ? `, and let ${good(open)} of ${open.length} others through` : '';
  return hanging(
    `A policy that denies blocked ${good(blocked)} of ${blocked.length} connections${rest}`,
    width,
  );
}

function linkLines({ what, cause, connections }: BrokenLink, { width, colour }: Terminal): string[] {
  const count =
    connections > 0 ? ` (${connections} ${connections === 1 ? 'connection' : 'connections'})` : '';
  return [
    ...hanging(`${plainText(what)}${count}`, width).map((line, index) =>
      index === 0 ? paint(line, 'red', colour) : line,
    ),
    ...hanging(`Likely: ${plainText(cause)}`, width, '  '),
  ];
}

export function verdict({ connections, broken, endpoints }: ConnectivityResult): string {
  const passed = connections.filter((one) => one.passed).length;
  if (broken.length === 0 && connections.length > 0 && passed === connections.length)
    return `The network works: all ${connections.length} connections were as they should be`;
  const absent = endpoints.filter(({ problem }) => problem !== undefined).length;
  return [
    `The network does not work everywhere: ${passed} of ${connections.length} connections were as they should be`,
    ...(absent > 0 ? [`${absent} of ${endpoints.length} containers never came to the network`] : []),
  ].join(', ');
}

/** Whether all was as it should be. */
export function isWell({ connections, broken }: ConnectivityResult): boolean {
  return broken.length === 0 && connections.length > 0 && connections.every(({ passed }) => passed);
}

export function resultText(result: ConnectivityResult, kinds: readonly Kind[], terminal: Terminal): string {
  const { width, colour } = terminal;
  const good = isWell(result);
  return [
    ...table(result.connections, kinds, colour),
    ...guardLine(result.connections, width),
    ...result.broken.flatMap((link) => linkLines(link, terminal)),
    ...hanging(verdict(result), width).map((line, index) =>
      index === 0 ? paint(line, good ? 'green' : 'red', colour) : line,
    ),
  ].join('\n');
}

/** Commands to type, each once, those of the most basic link first. */
export function nextOf({ broken }: ConnectivityResult): string[] {
  return [...new Set(broken.flatMap(({ next }) => next))].slice(0, 4);
}
