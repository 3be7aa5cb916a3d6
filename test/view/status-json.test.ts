// The document of `--json` against its published schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { buildStatus } from '../../src/status/build.ts';
import { AGENT_STATES, type ClusterStatus } from '../../src/status/model.ts';
import { STATE_CODES } from '../../src/steps/state.ts';
import { statusDocument } from '../../src/view/status-json.ts';
import { type AgentWords, clusterRead, type Word } from '../status/cluster.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/status.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

function valid(document: unknown): void {
  const parsed = JSON.parse(JSON.stringify(document));
  assert.ok(validate(parsed), JSON.stringify(validate.errors, null, 1));
}

const WORDS: Word[] = [
  ...(Object.keys(STATE_CODES) as Word[]),
  'silent',
  'just started',
  'staging',
  'unreachable',
  'old',
  'none',
  'dead',
];

test('any status is a valid document', () => {
  const agents = fc.array(
    fc.record({ docker: fc.constantFrom(...WORDS), node: fc.constantFrom(...WORDS), listed: fc.boolean() }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(agents, fc.boolean(), (list, turn) => {
      const words = list.map(
        ({ docker, node, listed }, index): AgentWords => ({
          host: `10.0.0.${index}`,
          steps: { docker, node },
          reasons: { docker: 'because', node: 'because' },
          unlisted: !listed,
        }),
      );
      valid(
        statusDocument(
          buildStatus(clusterRead({ agents: words, ...(turn && { turn: { agents: ['10.0.0.0'] } }) })),
        ),
      );
    }),
    { numRuns: 50 },
  );
});

test('so is one of a cluster without Calico, and of one agent', () => {
  const read = clusterRead({ agents: [{ host: '10.0.1.11' }, { host: '10.0.1.12' }] });
  valid(statusDocument(buildStatus({ ...read, group: undefined })));
  const logs = new Map([['calico_docker.instance-10.0.1.11._app.1', ['one', 'two']]]);
  const document = statusDocument(buildStatus({ ...read, logs }));
  valid(document);
  assert.match(JSON.stringify(document), /"log":\["one","two"\]/);
  const status = buildStatus(read);
  const one = statusDocument(status, status.agents.slice(0, 1)) as {
    agents: unknown[];
    totals: ClusterStatus['totals'];
  };
  valid(one);
  assert.equal(one.agents.length, 1);
  assert.equal(one.totals.agents, 2);
});

test('the schema knows every state there is', () => {
  assert.deepEqual(schema.definitions.agentState.enum, [...AGENT_STATES]);
  assert.deepEqual(schema.definitions.reported.enum, Object.keys(STATE_CODES));
});

test('text from the cluster is plain, in keys as in values', () => {
  const read = clusterRead({
    agents: [{ host: '10.0.1.11', steps: { docker: 'failed' }, reasons: { docker: 'a\u001b[31mb' } }],
  });
  for (const [id, report] of read.reports)
    (read.reports as Map<string, typeof report>).set(id, {
      ...report,
      found: { 'k\u0007ey': ['v\u001b[2Jalue', 7, null] },
    });
  const text = JSON.stringify(statusDocument(buildStatus(read)));
  assert.match(text, /"reason":"ab"/);
  assert.match(text, /"found":\{"key":\["value",7,null\]\}/);
  assert.doesNotMatch(text, /\\u00/);
});
