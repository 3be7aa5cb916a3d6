// Who answers at a path of Admin Router, in the words of the sentences about it, and which permission DC/OS Enterprise asks for it
// (docs-site, 2.2/security/ent/perms-reference).

export interface Service {
  /** `Marathon`, `the Mesos agent 2ac9…-S0`. */
  name: string;
  /** What DC/OS Enterprise must grant to the user. */
  permissions: string[];
  /** A command that shows how the service fares. */
  look: string;
}

/** The service behind a path, such as `/service/marathon/v2/info`. */
export function serviceAt(path: string): Service {
  const marathon = /^\/service\/([^/?]+(?:\/[^/?]+)*?)\/v2(\/|$)/.exec(path)?.[1];
  if (marathon) {
    const id = marathon.replaceAll('/', '-');
    return {
      name: marathon === 'marathon' ? 'Marathon' : `the Marathon ${marathon}`,
      permissions: [
        `dcos:adminrouter:service:${marathon} full`,
        `dcos:service:marathon:${id}:services:/calico full`,
      ],
      look: 'dcos service list',
    };
  }
  const agent = /^\/(?:agent|slave)\/([^/?]+)/.exec(path)?.[1];
  if (agent) {
    return {
      name: `the Mesos agent ${agent}`,
      permissions: [
        'dcos:adminrouter:ops:slave full',
        'dcos:mesos:agent:sandbox:app_id read',
        'dcos:mesos:agent:executor:app_id read',
        'dcos:mesos:agent:framework:role:slave_public read',
      ],
      look: 'dcos node list',
    };
  }
  if (path.startsWith('/mesos_dns/')) {
    return {
      name: 'Mesos-DNS',
      permissions: ['dcos:adminrouter:ops:mesos-dns full'],
      look: 'dcos node list',
    };
  }
  if (path.startsWith('/mesos/')) {
    return {
      name: 'the Mesos master',
      permissions: ['dcos:adminrouter:ops:mesos full'],
      look: 'dcos node list',
    };
  }
  return {
    name: 'Admin Router',
    permissions: ['dcos:adminrouter:ops:metadata full'],
    look: 'dcos cluster list',
  };
}

/** `the Mesos master` → `The Mesos master`, to begin a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
