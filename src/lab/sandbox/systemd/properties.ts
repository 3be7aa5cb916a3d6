// Properties of a unit as `systemctl show` and the bus have them.
import type { Machine } from '../machine.ts';
import type { Unit } from './unit.ts';
import { last, words } from './unit-file.ts';

export type Property = {
  type: 's' | 'u' | 't' | 'i' | 'b' | 'as' | 'o';
  value: string | number | boolean | string[];
  /** A structure as the bus prints it, where that is not what `systemctl show` prints. */
  bus?: string;
};

/** `EnvironmentFile=-/a` as the bus has it: the path, and whether it may be missing. */
function environmentFiles(lines: readonly string[]): Property {
  const files = lines.map((line) => ({ path: line.replace(/^-/, ''), optional: line.startsWith('-') }));
  return {
    type: 's',
    value: files.map(({ path, optional }) => `${path} (ignore_errors=${optional ? 'yes' : 'no'})`).join('\n'),
    bus: `a(sb) ${files.length}${files.map(({ path, optional }) => ` ${JSON.stringify(path)} ${optional}`).join('')}`,
  };
}

function execStart(lines: readonly string[]): Property {
  const argv = lines.map((line) => words(line.replace(/^[-@:+!]*/, '')));
  return {
    type: 's',
    value: lines
      .map(
        (line, i) => `{ path=${argv[i]![0]} ; argv[]=${line.replace(/^[-@:+!]*/, '')} ; ignore_errors=no }`,
      )
      .join('\n'),
    bus: `a(sasbttttuii) ${argv.length}${argv
      .map(
        (each) =>
          ` ${JSON.stringify(each[0])} ${each.length} ${each.map((word) => JSON.stringify(word)).join(' ')} false 0 0 0 0 0 0 0`,
      )
      .join('')}`,
  };
}

export function properties(machine: Machine, unit: Unit): Record<string, Property> {
  const { systemd } = machine;
  const s = (value: string): Property => ({ type: 's', value });
  const t = (ms: number): Property => ({ type: 't', value: ms * 1000 });
  const section = (key: string) => unit.sections.Service?.[key] ?? [];
  const file = unit.loadState === 'not-found' ? '' : systemd.store.state(unit.name);
  return {
    Type: s(last(unit.sections, 'Service', 'Type') ?? 'simple'),
    Restart: s(last(unit.sections, 'Service', 'Restart') ?? 'no'),
    MainPID: { type: 'u', value: unit.main?.pid ?? 0 },
    ExecMainPID: { type: 'u', value: unit.main?.pid ?? 0 },
    NRestarts: { type: 'u', value: unit.restarts },
    Result: s(unit.result),
    ExecMainStatus: { type: 'i', value: unit.exitCode },
    ExecMainStartTimestamp: t(unit.execMainStart),
    // An empty line takes back what came before it (systemd.service(5)).
    ExecStart: execStart(section('ExecStart').slice(section('ExecStart').lastIndexOf('') + 1)),
    Environment: { type: 'as', value: section('Environment').flatMap(words) },
    EnvironmentFiles: environmentFiles(section('EnvironmentFile')),
    Id: s(unit.name),
    Names: { type: 'as', value: [unit.name] },
    Description: s(last(unit.sections, 'Unit', 'Description') ?? unit.name),
    LoadState: s(unit.loadState),
    ActiveState: s(unit.active),
    SubState: s(unit.sub),
    FragmentPath: s(unit.fragment),
    DropInPaths: { type: 'as', value: unit.dropIns },
    UnitFileState: s(file),
    UnitFilePreset: s(file ? 'disabled' : ''),
    StateChangeTimestamp: t(Math.max(unit.activeEnter, unit.activeExit, unit.inactiveEnter)),
    ActiveEnterTimestamp: t(unit.activeEnter),
    ActiveExitTimestamp: t(unit.activeExit),
    InactiveEnterTimestamp: t(unit.inactiveEnter),
    CanReload: { type: 'b', value: section('ExecReload').length > 0 },
    Job: {
      type: 'u',
      value: unit.job || '',
      bus: `(uo) ${unit.job} "${unit.job ? `/org/freedesktop/systemd1/job/${unit.job}` : '/'}"`,
    },
    NeedDaemonReload: { type: 'b', value: systemd.needsReload(unit) },
  };
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A property as `systemctl show` prints it. */
export function shown(name: string, property: Property): string {
  const { type, value } = property;
  if (type === 'b') return value ? 'yes' : 'no';
  if (type === 'as') return (value as string[]).join(' ');
  if (type === 't') {
    if (!value) return name.includes('Monotonic') ? '0' : '';
    const date = new Date(Number(value) / 1000);
    return `${DAYS[date.getUTCDay()]} ${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} UTC`;
  }
  return String(value);
}

/** A property as `busctl get-property` prints it. */
export function onBus(property: Property): string {
  const { type, value, bus } = property;
  if (bus !== undefined) return bus;
  if (type === 's' || type === 'o') return `${type} ${JSON.stringify(value)}`;
  if (type === 'as') {
    const list = value as string[];
    return `as ${list.length}${list.map((entry) => ` ${JSON.stringify(entry)}`).join('')}`;
  }
  return `${type} ${value}`;
}
