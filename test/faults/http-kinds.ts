// Every way in which an answer can go wrong, as data.
import type { HttpFault } from '../../src/lab/faults.ts';

export interface HttpKind {
  fault: Omit<HttpFault, 'path' | 'method'>;
  /** Of which requests; all when missing. */
  of?: 'reads' | 'writes';
  /** From the request on, until the command has ended: that path, or everything. */
  lasts?: 'there' | 'everywhere';
  /** What is done to the connection, or to the cluster, at that moment. */
  besides?: 'refuse' | 'garble' | 'marathon leader' | 'mesos leader';
  /** Over TLS. */
  tls?: boolean;
  /** One a command is enough: it costs seconds. */
  once?: boolean;
}

const JSON_TYPE = 'application/json';
const status = (code: number, rest: Partial<HttpFault> = {}): HttpKind => ({
  fault: { kind: 'status', status: code, ...rest },
});
const said = (code: number, body: unknown): HttpKind =>
  status(code, { body: JSON.stringify(body), contentType: JSON_TYPE });

export const HTTP_KINDS: Record<string, HttpKind> = {
  refused: { fault: { kind: 'reset' }, besides: 'refuse' },
  reset: { fault: { kind: 'reset' } },
  'reset for good': { fault: { kind: 'reset' }, lasts: 'there' },
  'reset, done all the same': { fault: { kind: 'reset', applied: true }, of: 'writes' },
  'no answer': { fault: { kind: 'hang' } },
  'no answer, done all the same': { fault: { kind: 'hang', applied: true }, of: 'writes' },
  'half an answer': { fault: { kind: 'half' } },
  'in a trickle': { fault: { kind: 'trickle', ms: 100 } },
  'login over': { ...status(401), lasts: 'everywhere' },
  'login over once': status(401),
  '403': status(403),
  '403 for good': { ...status(403), lasts: 'there' },
  '404 of Admin Router': status(404),
  '404 of the service': said(404, { message: "App '/calico/none' does not exist" }),
  '409': status(409),
  '409 locked': said(409, {
    message: 'App is locked by one or more deployments. Override with the option "?force=true".',
    deployments: [{ id: '5cd987cd-85ae-4e70-8df7-f1438367d9cb' }],
  }),
  '422': said(422, {
    message: 'Object is not valid',
    details: [{ path: '/apps(0)/cpus', errors: ['got -1, expected 0 or more'] }],
  }),
  '429': status(429),
  '429 for good': { ...status(429), lasts: 'there' },
  '500': said(500, { message: 'java.lang.NullPointerException' }),
  '500 for good': { ...status(500), lasts: 'there' },
  '502': status(502),
  '502, done all the same': { ...status(502, { applied: true }), of: 'writes' },
  '503 as HTML': status(503),
  '503 for good': { ...status(503), lasts: 'everywhere' },
  '504': status(504),
  'a login page': { fault: { kind: 'login' } },
  'a login page for good': { fault: { kind: 'login' }, lasts: 'everywhere' },
  'another content type': { fault: { kind: 'content-type', contentType: 'text/html' } },
  'an empty document': { fault: { kind: 'status', status: 200, body: '{}', contentType: JSON_TYPE } },
  '200 MB': { fault: { kind: 'huge', mb: 200 }, once: true },
  'TLS breaks': { fault: { kind: 'pass' }, besides: 'garble', tls: true },
  "Marathon's leader changes": { fault: { kind: 'status', status: 503 }, besides: 'marathon leader' },
  "Mesos' leader changes": { fault: { kind: 'pass' }, besides: 'mesos leader' },
};
