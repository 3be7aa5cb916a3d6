import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contradictions } from '../../src/options/contradictions.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { ALL_OPTIONS, optionAt, setAt } from '../../src/options/paths.ts';
import type { OptionProblem } from '../../src/options/problems.ts';
import { resolveOptions } from '../../src/options/resolve.ts';
import { partialOptions } from './arbitrary.ts';
import { CASES } from './contradiction-cases.ts';

function problemsOf(set: Record<string, unknown>): OptionProblem[] {
  const options = defaultOptions();
  for (const [path, value] of Object.entries(set)) {
    assert.ok(optionAt(path), `${path} is no option`);
    setAt(options, path, value);
  }
  return contradictions(options, (path) => path in set);
}

const brief = ({ level, code, path, others = [] }: OptionProblem): string =>
  `${level} ${code}: ${[path, ...others].join(' ')}`;

for (const { name, set, found } of CASES) {
  test(name, () => {
    assert.deepEqual(problemsOf(set).map(brief), found);
  });
}

test('every contradiction names all its options in its sentence, and a way out', () => {
  let seen = 0;
  for (const { set } of CASES) {
    for (const problem of problemsOf(set)) {
      const { code, path, others = [], what, remedy } = problem;
      if (code !== 'contradiction') continue;
      seen++;
      assert.ok(remedy, what);
      for (const option of [path, ...others])
        assert.ok(what.includes(option), `${what} does not name ${option}`);
    }
  }
  assert.ok(seen > 20);
});

test('no sentence ends in its own full stop, exclaims, or begs', () => {
  for (const { set } of CASES) {
    for (const { what, remedy = '' } of problemsOf(set)) {
      assert.doesNotMatch(what, /\.$|!|please/i);
      assert.doesNotMatch(remedy, /\.$|!|please/i);
    }
  }
});

test('every problem names options that exist, and rules never throw', () => {
  fc.assert(
    fc.property(partialOptions, (file) => {
      const { errors, warnings } = resolveOptions({ file });
      for (const problem of [...errors, ...warnings]) {
        for (const path of [problem.path, ...(problem.others ?? [])]) assert.ok(optionAt(path), path);
      }
    }),
    { numRuns: 300 },
  );
});

test('what is not given is not complained of as not used', () => {
  fc.assert(
    fc.property(partialOptions, (installed) => {
      const { errors, warnings } = resolveOptions({ installed });
      for (const { code, what } of [...errors, ...warnings]) {
        assert.ok(code !== 'not-used' || what.startsWith('Peer '), what);
      }
    }),
  );
});

test('each option is looked at alone without making the defaults contradict themselves by accident', () => {
  const harmless = [
    'rollout.settle-seconds',
    'docker.cluster-advertise-port',
    'cni.network-name',
    'registry.config-dir',
    'node.as-number',
  ];
  for (const { path, schema } of ALL_OPTIONS) {
    if (!harmless.includes(path)) continue;
    for (const example of schema.examples ?? []) assert.deepEqual(problemsOf({ [path]: example }), [], path);
  }
});
