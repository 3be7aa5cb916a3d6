// Whatever is answered, taken back, or typed at random: the wizard asks on, or ends in options that can be used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveOptions } from '../../src/options/resolve.ts';
import { validateDocument } from '../../src/options/validate.ts';
import { answer, back, begin, inputOf, type Next, next, type State, tested } from '../../src/wizard/flow.ts';
import { judge } from '../../src/wizard/judge.ts';
import { choicesOf } from '../../src/wizard/offer.ts';
import { resultOf } from '../../src/wizard/result.ts';
import type { Base, Found } from '../../src/wizard/types.ts';
import { privateAgents, publicAgent } from '../plan/cluster.ts';
import { base, found, MEMBERS } from './found.ts';

const arbitraryFound: fc.Arbitrary<Found> = fc
  .record({
    agents: fc.constantFrom(1, 2, 6, 60, 120, 230),
    publicHost: fc.constantFrom('10.1.2.20', '192.168.1.20', '10.200.3.4'),
    record: fc.constantFrom('there', 'none', 'other', 'unknown'),
    version: fc.constantFrom('', '0.0.3', '0.1.0-3.3.12'),
    testFrom: fc.constantFrom('10.0.1.11', undefined),
  })
  .map(({ agents, publicHost, record, version, testFrom }) =>
    found({
      agents: [...privateAgents(agents), publicAgent(publicHost)],
      record: {
        domain: record === 'other' ? 'db.mesos' : 'etcd.mesos',
        members:
          record === 'unknown'
            ? { unknown: 'it does not answer' }
            : { value: record === 'none' ? [] : MEMBERS },
      },
      packages: { value: version ? [{ id: '/etcd', name: 'etcd', version }] : [] },
      testFrom,
    }),
  );

const arbitraryBase: fc.Arbitrary<Base> = fc
  .record({
    flags: fc.constantFrom<Base['flags']>(
      {},
      { node: { 'pool-cidr': '10.77.0.0/16' } },
      { docker: { enable: false } },
    ),
    file: fc.constantFrom<Base['file']>(
      {},
      { node: { ipip: 'always' } },
      { etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.9.9.9:2379' } },
      { etcd: { 'proxy-endpoints': ['https://10.9.9.9:2379'], 'ca-file': '/etc/ca.pem' } },
      { cni: { enable: false }, docker: { enable: false }, libnetwork: { enable: false } },
      { node: { 'networking-backend': 'none' } },
    ),
  })
  .map((change) => base(change));

const TYPED = [
  'http://10.9.0.5:2379',
  'https://10.9.0.5:2379',
  'http://192.168.0.5:2379,http://10.9.0.6:2379',
  '/etc/etcd/ca.pem',
  '/etc/a.pem,/etc/b.pem',
  'none',
  '10.200.0.0/16',
  '192.168.0.0/16',
  '10.9.0.0/16',
  '10.9.0.1,10.9.0.2@65001',
  'https://mirror.example.com/x',
  'registry.example.com:5000',
  '10.0.1.11',
  '10.0.1.11,10.1.2.20',
];

type Move =
  | { kind: 'back' }
  | { kind: 'take' }
  | { kind: 'say'; at: number }
  | { kind: 'type'; text: string };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'back' } as const) },
  { weight: 4, arbitrary: fc.constant({ kind: 'take' } as const) },
  { weight: 5, arbitrary: fc.nat(20).map((at) => ({ kind: 'say' as const, at })) },
  { weight: 1, arbitrary: fc.string().map((text) => ({ kind: 'type' as const, text })) },
);

/** The answer that a move makes; undefined: none. */
function said(
  step: Move,
  { question, context, suggestion }: Extract<Next, { kind: 'ask' }>,
): string | undefined {
  if (step.kind === 'take') return suggestion.value;
  if (step.kind === 'type') return step.text;
  const values = choicesOf(question, context)?.map(({ value }) => value) ?? TYPED;
  return step.kind === 'say' ? values[step.at % values.length] : undefined;
}

test('any sequence of answers and backs ends in valid options or asks on', async () => {
  let ends = 0;
  await fc.assert(
    fc.asyncProperty(
      arbitraryFound,
      arbitraryBase,
      fc.array(move, { minLength: 5, maxLength: 40 }),
      fc.boolean(),
      async (what, on, moves, answers) => {
        let state: State = begin();
        for (const step of moves) {
          const now = next(what, on, state);
          if (now.kind === 'conflict') {
            assert.ok(now.problems.length > 0);
            state = back(state);
            continue;
          }
          if (now.kind === 'test') {
            const result = {
              agent: 'a',
              endpoints: now.endpoints.map((url) => ({ url, answers, what: '' })),
            };
            state = tested(state, now.context, result);
            continue;
          }
          if (now.kind === 'done') {
            ends++;
            const { document } = resultOf(now.walked);
            assert.deepEqual(await validateDocument(document), []);
            assert.deepEqual(resolveOptions({ file: document }).errors, []);
            state = back(state);
            continue;
          }
          assert.ok(now.number >= 1 && now.number <= now.of, `${now.number} of ${now.of}`);
          assert.ok(now.of <= 12);
          const value = step.kind === 'back' ? undefined : said(step, now);
          if (value === undefined) {
            state = back(state);
            continue;
          }
          const why = await judge(now.question, value, now.context, inputOf(what, on, state));
          if (why === undefined) state = answer(state, now.question.id, value);
          else assert.match(why, /^\S.*[.?]$/s, 'a sentence');
        }
      },
    ),
    { numRuns: 80 },
  );
  assert.ok(ends > 10, `only ${ends} came to an end`);
});

test('without surprises there are never more than five questions before the result, whatever is suggested', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 49 }),
      fc.constantFrom('10.1.2.20', '192.168.0.9'),
      (count, host) => {
        const what = found({ agents: [...privateAgents(count), publicAgent(host)] });
        let state = begin();
        for (let asked = 0; ; asked++) {
          assert.ok(asked <= 5);
          const now = next(what, base(), state);
          if (now.kind === 'done') return;
          assert.ok(now.kind === 'ask' && now.suggestion.value !== undefined);
          state = answer(state, now.question.id, now.suggestion.value);
        }
      },
    ),
    { numRuns: 60 },
  );
});
