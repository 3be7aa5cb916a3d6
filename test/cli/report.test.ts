// How errors are shown, as a person reads them: golden at 80 and 120 columns, and what may never be shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorText, problemOf } from '../../src/cli/report.ts';
import { answerFailure, loginFailure } from '../../src/dcos/answer-failures.ts';
import { connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { marathonRefusal } from '../../src/dcos/marathon-refusals.ts';
import { transportFailure } from '../../src/dcos/transport-failures.ts';
import { EXIT, type Problem, UserError } from '../../src/errors.ts';
import { assertGolden } from '../golden.ts';

const URL = 'https://master.example.com';
const request = {
  url: URL,
  method: 'GET',
  path: '/service/marathon/v2/groups/calico',
  blot: (text: string) => text,
};
const settings = { connectMs: 10_000, idleMs: 60_000, maxBytes: 256 * 1024 * 1024 };

function answered(status: number, { path = request.path, type = 'text/html', method = 'GET' } = {}): unknown {
  const answer = { status, headers: { 'content-type': type }, isJson: false, json: undefined };
  return answerFailure({ ...request, path, method, loggedIn: true, answer, expects: 'a group' });
}

function failed(
  code: string,
  message = code,
  more: Partial<Parameters<typeof transportFailure>[0]> = {},
): unknown {
  const error = Object.assign(new Error(message), { code });
  return transportFailure({ ...request, attempts: 1, writes: false, settings, proxy: {}, error, ...more });
}

function refused(status: number, json: unknown): unknown {
  const answer = { status, headers: {}, isJson: true, json };
  return marathonRefusal('/groups/calico', answer, (text) => text);
}

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail('it did not throw');
}

const ERRORS: [string, unknown][] = [
  ['no cluster attached', thrown(() => connectionFromEnvironment({}))],
  ['no URL', thrown(() => connectionFromEnvironment({ DCOS_URL: 'master' }))],
  ['neither http nor https', thrown(() => connectionFromEnvironment({ DCOS_URL: 'ftp://master' }))],
  [
    'no CA file',
    thrown(() => connectionFromEnvironment({ DCOS_URL: URL, DCOS_TLS_CA_PATH: '/no/such/ca.crt' })),
  ],
  ['refused', failed('ECONNREFUSED')],
  ['refused, through a proxy', failed('ECONNREFUSED', '', { proxy: { https: 'http://proxy:3128' } })],
  ['no such host', failed('ENOTFOUND')],
  ['no name service', failed('EAI_AGAIN')],
  ['no route', failed('EHOSTUNREACH')],
  ['not https', failed('EPROTO', 'write EPROTO wrong version number')],
  ['closed without an answer', failed('ECONNRESET', 'socket hang up', { attempts: 4 })],
  ['closed on a write', failed('ECONNRESET', 'socket hang up', { writes: true, method: 'PUT' })],
  ['no connection in time', failed('CONNECT_TIME_OUT')],
  ['no answer in time', failed('ETIMEDOUT', 'timeout of 60000ms exceeded')],
  ['certificate of an unknown authority', failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
  ['certificate of another name', failed('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['certificate that has expired', failed('CERT_HAS_EXPIRED')],
  ['half an answer', failed('ERR_BAD_RESPONSE', 'stream has been aborted')],
  ['too large an answer', failed('ERR_BAD_RESPONSE', 'maxContentLength size of 9 exceeded')],
  ['not logged in', loginFailure(false, URL, 'GET /x → 401')],
  ['login expired', answered(401)],
  ['no permission for Marathon', answered(403)],
  ['no permission to change Marathon', answered(403, { method: 'PUT' })],
  ['no permission for sandboxes', answered(403, { path: '/agent/8a-S1/files/read' })],
  ['no such service', answered(404, { path: '/service/infra/marathon/v2/info' })],
  ['too many requests', answered(429, { path: '/mesos/slaves' })],
  ['internal error', answered(500, { path: '/mesos/slaves' })],
  ['bad gateway', answered(502)],
  ['unavailable', answered(503, { path: '/mesos/slaves' })],
  ['gateway time-out', answered(504, { path: '/agent/8a-S1/files/read' })],
  ['a web page', answered(200)],
  [
    'locked',
    refused(409, { message: 'App is locked', deployments: [{ id: '5f087199-7881-40f0-8ab1-a39359a33a75' }] }),
  ],
  [
    'as many deployments as allowed',
    refused(403, { message: 'Max number (100) of running deployments reached.' }),
  ],
  [
    'rejected',
    refused(422, {
      message: 'Object is not valid',
      details: [
        {
          path: '/apps(0)/constraints',
          errors: ['operator must be one of the following UNIQUE, CLUSTER, GROUP_BY'],
        },
        { path: '/role', errors: ['got slave_public, expected one of: [calico]'] },
      ],
    }),
  ],
  ['a bug', new TypeError("Cannot read properties of undefined (reading 'id')")],
];

for (const width of [80, 120]) {
  test(`every error at ${width} columns`, () => {
    const screens = ERRORS.map(([name, error]) => `# ${name}\n${errorText(problemOf(error), { width })}`);
    assertGolden(`cli/errors-${width}`, screens.join('\n'));
    const tooLong = screens
      .join('\n')
      .split('\n')
      .filter((line) => line.length > width && !/^.{7}dcos \S/.test(line));
    assert.deepEqual(tooLong, []);
  });
}

test('each has a code of its own kind, a reason and something to do', () => {
  for (const [name, error] of ERRORS) {
    const problem = problemOf(error);
    assert.match(problem.code, /^[a-z0-9]+(-[a-z0-9]+)*$/, name);
    assert.ok(problem.why, name);
    assert.ok(problem.remedy?.length, name);
    for (const text of [problem.what, problem.why, ...problem.remedy!]) {
      assert.doesNotMatch(text!, /[.!]$|\bplease\b|\bundefined (?!\()|\[object/i, `${name}: ${text}`);
    }
  }
});

test('detail is shown with -v only', () => {
  const problem = problemOf(failed('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:443'));
  assert.doesNotMatch(errorText(problem, { width: 80 }), /ECONNREFUSED/);
  assert.match(
    errorText(problem, { width: 80, verbose: true }),
    /^GET https:.*ECONNREFUSED 10\.0\.0\.1:443$/m,
  );
});

test('a bug ends with 70 and shows its stack with -v only', () => {
  const problem = problemOf(new TypeError('x is not a function'));
  assert.equal(problem.exit, EXIT.bug);
  assert.doesNotMatch(errorText(problem, { width: 80 }), /report\.test\.ts/);
  assert.match(errorText(problem, { width: 80, verbose: true }), /report\.test\.ts/);
  for (const odd of [undefined, null, 'text', 7, {}, new Error('')]) {
    const { exit, why } = problemOf(odd);
    assert.equal(exit, EXIT.bug);
    assert.ok(why);
  }
});

test('in a pipe each part is one line, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (what, why) => {
      const problem: Problem = { code: 'x', what: `a${what}`, why: `b${why}`, remedy: ['c'] };
      const lines = errorText(problem, { width: Number.POSITIVE_INFINITY }).split('\n');
      assert.equal(lines.length, 4);
      assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

test('a prompt that was left is an interruption, not a bug', () => {
  const error = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
  assert.equal(problemOf(error).exit, EXIT.interrupted);
});

test('a UserError keeps its own exit code, and has 1 otherwise', () => {
  assert.equal(problemOf(new UserError({ code: 'x', what: 'y' })).exit, EXIT.failed);
  assert.equal(
    problemOf(new UserError({ code: 'x', what: 'y', exit: EXIT.preflightFailed })).exit,
    EXIT.preflightFailed,
  );
});
