// What `dcos cluster setup` and the metadata routes ask, beside Mesos and Marathon.
// Sources: dcos/dcos-cli pkg/setup/setup.go, pkg/login; dcos/dcos packages/adminrouter and packages/bouncer.
import { createHash } from 'node:crypto';
import { json, type LabRequest, type LabResponse, text } from '../http.ts';
import type { Versions } from '../versions.ts';
import { type Tokens, USER } from './auth.ts';
import { page } from './pages.ts';
import { storedZip } from './zip.ts';

export type Security = 'open' | 'disabled' | 'permissive' | 'strict';

export function dcosVersion(versions: Versions, security: Security): LabResponse {
  const variant = security === 'open' ? 'open' : 'enterprise';
  return json({
    version: versions.dcos,
    ...(versions.variant ? { 'dcos-variant': variant } : {}),
    'dcos-image-commit': createHash('sha1').update(versions.dcos).digest('hex'),
    'bootstrap-id': createHash('sha1').update(`bootstrap ${versions.dcos}`).digest('hex'),
  });
}

/** Of the enterprise variant only. */
export function bootstrapConfig(security: Security): LabResponse {
  return security === 'open' ? page(404) : json({ security, ssl_enabled: security === 'strict' });
}

/** The master's packages: `calico` and `etcd` are there from DC/OS 2.1 on. */
export function packages(versions: Versions): LabResponse {
  const names = ['adminrouter', 'dcos-net', 'marathon', 'mesos', 'mesos-dns', 'python'];
  if (versions.nativeCalico) names.push('calico', 'etcd');
  return json(
    Object.fromEntries(names.sort().map((name) => [name, { package_version: versions.dcos, requires: [] }])),
  );
}

export function providers(versions: Versions, security: Security): LabResponse {
  if (!versions.bouncer && security === 'open') return page(404);
  return json({
    'dcos-users': {
      'authentication-type': 'dcos-uid-password',
      'client-method': 'dcos-usercredential-post-receive-authtoken',
      config: { start_flow_url: '/acs/api/v1/auth/login' },
      description: 'Default DC/OS login provider',
    },
  });
}

export function login(request: LabRequest, tokens: Tokens): LabResponse {
  let given: { uid?: unknown; password?: unknown } = {};
  try {
    given = JSON.parse(request.body) as typeof given;
  } catch {
    return json(
      { title: 'Bad Request', description: 'Request has bad content type or body', code: 'ERR_BAD_JSON' },
      400,
    );
  }
  if (given.uid === USER.uid && given.password === USER.password) return json({ token: tokens.issue() });
  return json(
    { title: 'Unauthorized', description: 'Invalid credentials', code: 'ERR_INVALID_CREDENTIALS' },
    401,
  );
}

export function metadata(clusterId: string): LabResponse {
  return json({ PUBLIC_IPV4: '127.0.0.1', CLUSTER_ID: clusterId });
}

const CORE = 'dcos-core-cli';
export const CORE_ZIP_PATH = '/package/resource/dcos-core-cli.zip';

/** The core plugin that `dcos cluster setup` wants to have: one without any command, so that nothing of it is needed. */
export function coreZip(versions: Versions): Uint8Array {
  const content = `schema_version = 1\nname = "${CORE}"\nversion = "${versions.dcos}"\n`;
  return storedZip([{ name: 'plugin.toml', content: Buffer.from(content) }]);
}

export function describePackage(request: LabRequest, versions: Versions, url: string): LabResponse {
  let name = '';
  try {
    name = String((JSON.parse(request.body) as { packageName?: unknown }).packageName);
  } catch {
    return text(400, 'bad request');
  }
  if (name !== CORE) {
    const message = `Package [${name}] not found`;
    return {
      status: 400,
      headers: { 'content-type': 'application/vnd.dcos.universe.error+json;charset=utf-8;version=v1' },
      body: JSON.stringify({ type: 'PackageNotFound', message, data: { packageName: name } }),
    };
  }
  const sum = createHash('sha256').update(coreZip(versions)).digest('hex');
  const binary = {
    'x86-64': { kind: 'zip', url: url + CORE_ZIP_PATH, contentHash: [{ algo: 'sha256', value: sum }] },
  };
  const described = {
    package: {
      packagingVersion: '4.0',
      name: CORE,
      version: versions.dcos,
      releaseVersion: 0,
      maintainer: 'lab',
      description: 'Stands for the core commands of the DC/OS CLI',
      tags: [],
      resource: { cli: { binaries: { linux: binary, darwin: binary, windows: binary } } },
    },
  };
  return {
    status: 200,
    headers: {
      'content-type': 'application/vnd.dcos.package.describe-response+json;charset=utf-8;version=v3',
    },
    body: JSON.stringify(described),
  };
}
