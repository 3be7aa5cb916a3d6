// What Calico 2.6 is told for the time of a test (calicoctl 1.6, `apiVersion: v1`). Each selects the test's own endpoints alone.
import type { Kind } from './definition.ts';

const LABEL = 'dcos-calico-connectivity';

interface Rule {
  action: 'allow' | 'deny';
  source?: { selector?: string; tag?: string };
}

function policy(name: string, order: number, selector: string, ingress: Rule[], egress: Rule[] = []) {
  return {
    apiVersion: 'v1',
    kind: 'policy',
    metadata: { name },
    spec: { order, selector, ingress, ...(egress.length > 0 ? { egress } : {}) },
  };
}

/** All that belong to the test reach each other, whatever network they are on. Docker's have their label from the network's profile. */
export function openResources(kinds: readonly Kind[]): unknown[] {
  const own = `has(${LABEL})`;
  const profile = {
    apiVersion: 'v1',
    kind: 'profile',
    metadata: { name: LABEL, labels: { [LABEL]: 'docker' }, tags: [LABEL] },
    spec: { ingress: [{ action: 'allow', source: { tag: LABEL } }], egress: [{ action: 'allow' }] },
  };
  return [
    ...(kinds.includes('docker') ? [profile] : []),
    policy(
      `${LABEL}-open`,
      1100,
      own,
      [{ action: 'allow', source: { selector: own } }],
      [{ action: 'allow' }],
    ),
  ];
}

/** Of whom each kind is not to hear while the guard is there: of the other; where there is one kind, of itself. */
export function kept(kind: Kind, kinds: readonly Kind[]): Kind {
  return kinds.find((other) => other !== kind) ?? kind;
}

/** Comes before the open policy, and denies a part of what that allows. */
export function guardResources(kinds: readonly Kind[]): unknown[] {
  return kinds.map((kind) =>
    policy(`${LABEL}-guard-${kind}`, 1000, `${LABEL} == '${kind}'`, [
      { action: 'deny', source: { selector: `${LABEL} == '${kept(kind, kinds)}'` } },
    ]),
  );
}
