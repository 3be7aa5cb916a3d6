// What a test of the network shows, as it was looked at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairsOf } from '../../src/connectivity/pairs.ts';
import type { PreparedConnectivity } from '../../src/connectivity/prepare.ts';
import { kindsOf } from '../../src/connectivity/prepare.ts';
import type { ConnectivityResult } from '../../src/connectivity/run.ts';
import type { BrokenLink, Connection } from '../../src/connectivity/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { kept } from '../../src/steps/connectivity/resources.ts';
import { announcement, isWell, nextOf, resultText } from '../../src/view/connectivity.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';

const terminal = (width: number): Terminal => ({ width, height: 50, colour: false, interactive: true });
const HOSTS = ['10.0.1.11', '10.0.1.12', '10.1.2.20'];

function prepared(count = 3): PreparedConnectivity {
  return {
    snapshot: {} as never,
    options: defaultOptions(),
    kinds: ['mesos', 'docker'],
    image: 'quay.io/calico/node:v2.6.12',
    of: 412,
    agents: Array.from({ length: count }, (_, index) => ({
      id: `S${index}`,
      host: HOSTS[index] ?? `10.0.3.${index}`,
      type: HOSTS[index] === '10.1.2.20' ? 'public' : 'private',
      mesosVersion: '1.9.1',
    })),
  };
}

function result(
  count: number,
  broken: BrokenLink[],
  fails: (connection: Connection) => boolean,
): ConnectivityResult {
  const { agents, kinds } = prepared(count);
  const connections = (['open', 'guarded'] as const).flatMap((phase) =>
    pairsOf(agents, kinds).map((pair): Connection => {
      const blocked = phase === 'guarded' && kept(pair.to.kind, kinds) === pair.from.kind;
      const connection = {
        ...pair,
        phase,
        expected: blocked ? ('blocked' as const) : ('reach' as const),
        got: blocked ? ('timeout' as const) : ('ok' as const),
        said: '',
        passed: true,
      };
      return fails(connection) ? { ...connection, got: 'timeout', passed: false } : connection;
    }),
  );
  return { endpoints: [], connections, broken, cleanedUp: true };
}

const LINK: BrokenLink = {
  link: 'between agents',
  agents: ['10.0.1.11', '10.0.1.12'],
  what: 'From 10.0.1.11 to 10.0.1.12 nothing passes: no answer came',
  cause:
    "BGP between them is not up, so that neither has a route to the other's containers: TCP port 179 has to pass both ways",
  next: ['dcos calico status 10.0.1.11', 'dcos calico status 10.0.1.12'],
  connections: 4,
};
const failing = ({ from, to, expected }: Connection) =>
  from.host === '10.0.1.11' && to.host === '10.0.1.12' && expected === 'reach';

for (const width of [80, 120]) {
  test(`what will be run, ${width} columns wide`, () => {
    const text = announcement(prepared(), terminal(width));
    assertGolden(`connectivity/announced-at-${width}`, `${text}\n`);
    for (const line of text.split('\n')) assert.ok(line.length <= width, line);
  });

  test(`all well, and a broken link, ${width} columns wide`, () => {
    const good = resultText(
      result(3, [], () => false),
      ['mesos', 'docker'],
      terminal(width),
    );
    const bad = resultText(result(3, [LINK], failing), ['mesos', 'docker'], terminal(width));
    assertGolden(`connectivity/result-at-${width}`, `${good}\n\n${bad}\n`);
    for (const line of bad.split('\n')) assert.ok(line.length <= width, line);
  });
}

test('of many agents only the pairs that fail are shown, and the others counted', () => {
  const text = resultText(result(20, [LINK], failing), ['mesos', 'docker'], terminal(120));
  assert.match(text, /^10\.0\.1\.11 {2}10\.0\.1\.12 .*no answer/m);
  assert.match(text, /^and 39 pairs of agents without a failure$/m);
});

test('well is only what was tried and came out as it should; the commands are those of the links, each once', () => {
  assert.equal(isWell(result(3, [], () => false)), true);
  assert.equal(isWell(result(3, [], failing)), false);
  assert.equal(isWell({ endpoints: [], connections: [], broken: [], cleanedUp: true }), false);
  assert.deepEqual(nextOf(result(3, [LINK, LINK], failing)), LINK.next);
});

test('kinds are those that the installed steps bring to Calico', () => {
  const options = defaultOptions();
  assert.deepEqual(kindsOf(options), ['mesos', 'docker']);
  options.libnetwork.enable = false;
  assert.deepEqual(kindsOf(options), ['mesos']);
  options.cni.enable = false;
  assert.deepEqual(kindsOf(options), []);
});
