// Whatever is sent, Marathon answers: no body and no path brings it down.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { app, CHECK, Cluster, HEALTH_CHECK } from './cluster.ts';

const FULL = app({
  instances: 1,
  check: CHECK,
  healthChecks: [HEALTH_CHECK],
  labels: {},
  env: {},
  args: ['a'],
});
const FIELDS = [
  ...Object.keys(FULL),
  'id',
  'role',
  'networks',
  'dependencies',
  'readinessChecks',
  'ports',
  'user',
];

const anyApp = fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
const anyGroup = fc.record(
  {
    id: fc.jsonValue({ maxDepth: 1 }),
    apps: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.array(anyApp, { maxLength: 2 })),
    groups: fc.jsonValue({ maxDepth: 3 }),
    enforceRole: fc.jsonValue({ maxDepth: 1 }),
    dependencies: fc.jsonValue({ maxDepth: 2 }),
    version: fc.jsonValue({ maxDepth: 1 }),
    scaleBy: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);
const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const anyPath = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'v2',
        'apps',
        'groups',
        'tasks',
        'versions',
        'queue',
        'delay',
        'deployments',
        'restart',
        'x',
        '*',
      ),
      fc.webSegment(),
    ),
    { maxLength: 5 },
  )
  .map((parts) => `/v2/${parts.join('/')}`);

for (const version of ['1.4', '1.7', '1.11']) {
  test(`Marathon ${version} answers any app, group and path`, async () => {
    const cluster = await Cluster.of(version, 2);
    const answered = async (method: string, path: string, body: unknown): Promise<void> => {
      const { status } = await cluster.ask(method, path, body);
      assert.ok(status >= 200 && status <= 500, `${status}`);
      // What was accepted must be able to run.
      cluster.pass(5);
    };
    await fc.assert(
      fc.asyncProperty(
        anyApp,
        anyGroup,
        fc.constantFrom(...METHODS),
        anyPath,
        async (one, group, method, path) => {
          await answered('PUT', '/v2/apps/x?force=true', { ...FULL, args: undefined, ...one });
          await answered('PUT', '/v2/groups/g?force=true', group);
          await answered('POST', '/v2/tasks/delete', one);
          await answered(method, path, JSON.stringify(group));
        },
      ),
      { numRuns: 150 },
    );
  });
}
