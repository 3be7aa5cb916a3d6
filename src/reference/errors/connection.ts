import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const failed = [EXIT.failed] as const;
const usage = [EXIT.usage] as const;

const AGAIN =
  'It is tried four times before this is said. Try again in a minute; `dcos node list` shows whether the cluster answers.';

export const CONNECTION: ErrorSection = {
  title: 'The way to the cluster',
  about:
    'What the cluster was asked, and what it answered, is shown by `-v`; all requests are shown by `-vv`. Neither shows the login.',
  entries: {
    'no-cluster': {
      what: 'No cluster is attached',
      why: 'The DC/OS CLI gives the address of the attached cluster to its plugins (`DCOS_URL`), and there is none.',
      todo: '`dcos cluster setup URL`, `dcos cluster attach NAME`, or `dcos calico lab start` for a practice cluster.',
      exits: usage,
    },
    'bad-cluster-url': {
      what: 'The address of the cluster cannot be used: URL',
      why: '`core.dcos_url` is not an http or https URL.',
      todo: '`dcos config set core.dcos_url https://MASTER`.',
      exits: usage,
    },
    'bad-token': {
      what: 'The login to the cluster cannot be used',
      why: 'The token holds a space or another character that no token has: it was copied with something else.',
      todo: '`dcos auth login`.',
      exits: usage,
    },
    'bad-service-account': {
      what: 'The service account cannot be used',
      why: '`DCOS_SERVICE_ACCOUNT_CREDENTIAL`, which the job of `options cover-job` has from a secret, is not what DC/OS Enterprise makes for a service account.',
      todo: '`dcos security secrets create-sa-secret` makes it.',
      exits: failed,
    },
    'no-ca-file': {
      what: "The file with the cluster's certificate authority is not there: PATH",
      why: '`core.ssl_verify` names a file that does not exist.',
      todo: '`dcos cluster setup URL` fetches it again; `dcos config set core.ssl_verify PATH` names another one.',
      exits: usage,
    },
    'dcos-unreachable': {
      what: 'Could not reach URL',
      why: 'Nothing listens there, the name is not known, there is no route, or the connection was closed without an answer.',
      todo: 'Is it a DC/OS master, and can this machine reach it (VPN, firewall, proxy)? `dcos cluster list`.',
      exits: failed,
    },
    'time-out': {
      what: 'SERVICE at URL does not answer',
      why: 'There was no connection within 10 s, or nothing came for 60 s.',
      todo: 'Try again. On a slow link: `dcos config set calico.timeout SECONDS`.',
      exits: failed,
    },
    'half-answer': {
      what: 'SERVICE at URL stopped in the middle of its answer',
      why: 'The connection was closed before the answer was whole.',
      todo: 'Try again; if it stays so, a proxy or load balancer on the way may cut long answers.',
      exits: failed,
    },
    'answer-too-large': {
      what: 'SERVICE at URL sends more than can be taken',
      why: 'The answer is larger than 256 MiB; that of 5,000 agents is about 40 MB.',
      todo: 'Is it a DC/OS master? `dcos cluster list`.',
      exits: failed,
    },
    'tls-untrusted': {
      what: 'The certificate of URL is not trusted',
      why: 'It has expired, is made out to another name, or its authority is not known to this machine.',
      todo: '`dcos cluster setup URL` shows the authority and asks whether to trust it; `dcos config set core.ssl_verify PATH` trusts the one in a file.',
      exits: failed,
    },
    'not-dcos': {
      what: 'Could not find DC/OS at URL',
      why: 'Something answers there, but does not say which version of DC/OS it is.',
      todo: 'Is it a DC/OS master? `dcos cluster list`.',
      exits: failed,
    },
    redirected: {
      what: 'SERVICE at URL sends to another address',
      why: 'The login is never sent to another host than the one that it is for.',
      todo: '`dcos cluster setup URL`, if the cluster has moved.',
      exits: failed,
    },
    'not-logged-in': {
      what: 'Not logged in to URL',
      why: 'The cluster asks for a login (401), and there is no token.',
      todo: '`dcos auth login`.',
      exits: failed,
    },
    'login-expired': {
      what: 'The login to URL is no longer valid',
      why: 'The token has expired, or was ended on the cluster (401).',
      todo: '`dcos auth login`.',
      exits: failed,
    },
    forbidden: {
      what: 'Not allowed to read from, or to change, SERVICE',
      why: 'The user that is logged in lacks a permission (403).',
      todo: 'On DC/OS Enterprise an administrator grants what is missing: the permissions are named, and listed in [enterprise.md](enterprise.md).',
      exits: [EXIT.failed, EXIT.preflightFailed],
    },
    'no-such-service': {
      what: 'There is no service "NAME" on URL',
      why: 'Admin Router knows no service of that name: no such Marathon, or Marathon has no leader at the moment.',
      todo: '`dcos service list`; `--marathon NAME` names another Marathon.',
      exits: failed,
    },
    'not-found': {
      what: 'SERVICE at URL does not know what was asked for',
      why: 'The service answers 404: the thing is gone since it was seen, or the service is of another version.',
      todo: 'Run the command again: it looks anew.',
      exits: failed,
    },
    'rate-limited': {
      what: 'SERVICE gets more requests than it takes',
      why: 'It answers "too many requests" (429).',
      todo: 'Try again in a minute.',
      exits: failed,
    },
    'service-failed': {
      what: 'SERVICE failed to answer',
      why: 'It reports an error of its own (500).',
      todo: AGAIN,
      exits: failed,
    },
    'admin-router-502': {
      what: 'SERVICE does not answer',
      why: 'Admin Router cannot reach it (502): it is down, or its host is.',
      todo: AGAIN,
      exits: failed,
    },
    'admin-router-503': {
      what: 'SERVICE does not answer',
      why: 'It is not ready (503): it starts, or changes its leader.',
      todo: AGAIN,
      exits: failed,
    },
    'admin-router-504': {
      what: 'SERVICE does not answer',
      why: 'It did not answer Admin Router in time (504).',
      todo: AGAIN,
      exits: failed,
    },
    rejected: {
      what: 'SERVICE refuses the request',
      why: 'It answers with a 4xx status that has no other code here; its own message is shown.',
      todo: 'Run the command again with `-v`; if it stays so, report it with that output.',
      exits: failed,
    },
    'unexpected-answer': {
      what: 'SERVICE at URL gives an answer that cannot be used',
      why: 'It is not JSON, or not of the expected shape: often a proxy or a login page that answers in its place.',
      todo: 'Is it a DC/OS cluster between 1.9 and 2.2, without a proxy on the way? `dcos cluster list`.',
      exits: failed,
    },
    'mesos-recovering': {
      what: 'The cluster cannot say which agents it has',
      why: 'Its Mesos master has just taken over, and lists no agents, or not all of them.',
      todo: 'Wait until `dcos node list` lists all agents, and run the same command again.',
      exits: failed,
    },
  },
};
