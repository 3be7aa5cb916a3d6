// What was found on the cluster, before the first question.
import type { Finding } from '../checks/types.ts';
import { agentType } from '../plan/agent-type.ts';
import { timeText } from '../status/duration.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { members } from '../wizard/layers.ts';
import { etcdPackage } from '../wizard/questions/etcd.ts';
import type { Base, Found } from '../wizard/types.ts';
import { paint } from './colour.ts';
import { findingsText } from './findings.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';
import type { Terminal } from './terminal.ts';
import { widthOf } from './wizard-question.ts';
import { wrap } from './wrap.ts';

export interface Shown {
  found: Found;
  base: Base;
  fileIsThere: boolean;
  installed: InstalledOptions | undefined;
  findings: readonly Finding[];
}

const LABEL = 10;

export function lookText(shown: Shown, terminal: Terminal): string {
  const { found, findings } = shown;
  const width = widthOf(terminal);
  const rows: [string, string][] = [
    ['DC/OS', `${found.dcosVersion}, Marathon ${found.marathonVersion}`],
    ['Agents', agentsText(found)],
    ['etcd', etcdText(found)],
    ['Docker', 'only the agents can tell; the steps look before they change anything'],
    ['Calico', calicoText(shown)],
    ...(shown.fileIsThere
      ? ([['File', `${shown.base.fileName} is there: what it says is suggested`]] as [string, string][])
      : []),
  ];
  return [
    ...rows.flatMap(([label, text]) => {
      const lines = wrap(plainText(text), width, ' '.repeat(LABEL));
      return [paint(label, 'bold', terminal.colour) + lines[0]!.slice(label.length), ...lines.slice(1)];
    }),
    ...(findings.length > 0 ? ['', findingsText(findings, { ...terminal, width })] : []),
  ].join('\n');
}

function agentsText({ agents, unfit }: Found): string {
  const count = (type: 'private' | 'public') => agents.filter((agent) => agentType(agent) === type).length;
  const types = `${agents.length}: ${count('private')} private, ${count('public')} public`;
  if (unfit.length === 0) return `${types}; each has room for Calico's tasks`;
  const hosts = addresses(
    unfit.map(({ host }) => host),
    60,
  );
  return `${types}; ${agents.length - unfit.length} can have Calico's tasks now, not ${hosts}`;
}

function etcdText(found: Found): string {
  const name = `_etcd-server._tcp.${found.record.domain}`;
  const installed = etcdPackage(found);
  const of = installed ? ` (package etcd ${installed.version})` : '';
  const count = members(found).length;
  if (count > 0) return `found: ${name} names ${count} ${count === 1 ? 'member' : 'members'}${of}`;
  if ('unknown' in found.record.members) return `${name} could not be asked: ${found.record.members.unknown}`;
  return installed
    ? `no record ${name}; the package etcd ${installed.version} is installed as ${installed.id}`
    : `no record ${name}, and no package etcd`;
}

function calicoText({ installed }: Shown): string {
  if (!installed) return 'not installed by this program';
  return `installed by ${installed.who}, ${timeText(installed.when)}: its options are suggested`;
}
