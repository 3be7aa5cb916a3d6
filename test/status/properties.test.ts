// What holds of any cluster: no agent is lost or shown twice, the worst come first, the totals add up, and folding hides nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildStatus } from '../../src/status/build.ts';
import { changes } from '../../src/status/changes.ts';
import { AGENT_STATES, type ClusterStatus } from '../../src/status/model.ts';
import { STEP_NAMES } from '../../src/steps/state.ts';
import { FOLD_LEVELS, fold } from '../../src/view/status-fold.ts';
import { statusTable } from '../../src/view/status-table.ts';
import { type AgentWords, clusterRead, type Word } from './cluster.ts';

const WORDS: Word[] = [
  'ready',
  'ready',
  'failed',
  'drifted',
  'stands back',
  'restart pending',
  'working',
  'waiting for turn',
  'waiting for step',
  'silent',
  'staging',
  'old',
  'unreachable',
  'none',
];
const word = fc.constantFrom(...WORDS);
const mesos = fc.constantFrom(
  {},
  {},
  {},
  { active: false },
  { active: false, deactivated: true },
  { attributes: { os: 'windows' } },
  { used_resources: { cpus: 4, mem: 4096, disk: 0 } },
);
const agents = fc
  .array(
    fc.record({
      steps: fc.oneof(word, fc.record(Object.fromEntries(STEP_NAMES.map((name) => [name, word])))),
      public: fc.boolean(),
      mesos,
      unlisted: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(
      (one, index): AgentWords => ({ ...one, host: `10.0.${index % 7}.${(index * 13) % 251}` }) as AgentWords,
    ),
  );

const status = fc.record({ agents, old: fc.boolean() }).map(({ agents: list, old }) => ({
  list,
  status: buildStatus(clusterRead({ agents: list, ...(old && { marathonVersion: '1.7.216' }) })),
}));

const runs = { numRuns: 100 };

test('every agent that Mesos lists, or that has tasks, is there exactly once', () => {
  fc.assert(
    fc.property(status, ({ list, status }) => {
      const expected = list.filter(({ unlisted, steps }) => {
        if (!unlisted) return true;
        return typeof steps === 'string'
          ? steps !== 'none'
          : STEP_NAMES.some((name) => steps?.[name] !== 'none');
      });
      assert.deepEqual(
        status.agents.map(({ address }) => address).sort(),
        expected.map(({ host }) => host).sort(),
      );
      assert.ok(status.agents.every(({ cells }) => cells.length === status.steps.length));
    }),
    runs,
  );
});

test('worst first, and within a state by address', () => {
  fc.assert(
    fc.property(status, ({ status }) => {
      for (let i = 1; i < status.agents.length; i++) {
        const [a, b] = [status.agents[i - 1]!, status.agents[i]!];
        const rank = AGENT_STATES.indexOf(a.state) - AGENT_STATES.indexOf(b.state);
        assert.ok(
          rank < 0 || (rank === 0 && numbers(a.address) < numbers(b.address)),
          `${a.address} ${b.address}`,
        );
      }
    }),
    runs,
  );
});

const numbers = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

test('totals add up', () => {
  fc.assert(
    fc.property(status, ({ status: { totals, agents: rows } }) => {
      assert.equal(totals.agents, rows.length);
      assert.equal(totals.ready + totals.leftAlone + totals.notReady, rows.length);
      assert.equal(
        Object.values(totals.byState).reduce((sum, count) => sum + count, 0),
        rows.length,
      );
    }),
    runs,
  );
});

test('folding loses no agent, at any level, and keeps the order of states', () => {
  fc.assert(
    fc.property(status, ({ status: { agents: rows } }) => {
      let before = Number.POSITIVE_INFINITY;
      for (const level of FOLD_LEVELS) {
        const lines = fold(rows, level);
        assert.deepEqual(new Set(lines.flatMap((line) => line.rows)), new Set(rows));
        assert.equal(
          lines.reduce((sum, line) => sum + line.rows.length, 0),
          rows.length,
        );
        for (const line of lines) assert.ok(line.rows.every(({ state }) => state === line.rows[0]!.state));
        const ranks = lines.map((line) => AGENT_STATES.indexOf(line.rows[0]!.state));
        assert.deepEqual(
          ranks,
          [...ranks].sort((a, b) => a - b),
        );
        assert.ok(lines.length <= before);
        before = lines.length;
      }
    }),
    runs,
  );
});

/** The agents that a drawn table stands for: its rows' addresses and counts. */
function drawnAgents(lines: string[]): number {
  return lines
    .slice(1)
    .filter((line) => !line.startsWith('  '))
    .reduce((sum, line) => sum + Number(/^(\d+) agents/.exec(line)?.[1] ?? 1), 0);
}

test('a table never is wider than the terminal but for a word that cannot be broken, and shows every agent', () => {
  fc.assert(
    fc.property(
      status,
      fc.integer({ min: 60, max: 160 }),
      fc.integer({ min: 5, max: 50 }),
      ({ status }, width, height) => {
        const lines = statusTable(status, { width, height, colour: false, interactive: true }, height);
        for (const line of lines) assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
        assert.equal(drawnAgents(lines), status.agents.length);
        assert.ok(lines.every((line) => line === line.trimEnd()));
      },
    ),
    runs,
  );
});

test('changes from a status to itself are none; from nothing they are all agents', () => {
  fc.assert(
    fc.property(status, ({ status }) => {
      assert.deepEqual(changes(status, status), []);
      const nothing: ClusterStatus = { ...status, agents: [] };
      assert.equal(changes(nothing, status).length, status.agents.length);
      assert.equal(changes(status, nothing).length, status.agents.length);
    }),
    runs,
  );
});
