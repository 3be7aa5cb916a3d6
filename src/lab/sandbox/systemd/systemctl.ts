// systemctl as it answers in a task's own PID namespace (measured, facts §12 and §16), over the system bus where forced.
import { readFileSync } from 'node:fs';
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { properties, shown } from './properties.ts';
import type { JobResult } from './unit.ts';

/** systemd learned `SYSTEMCTL_FORCE_BUS` with version 243. */
const FORCE_BUS_SINCE = 243;

export const full = (name: string) =>
  /\.(service|socket|timer|target|mount|path|slice)$/.test(name) ? name : `${name}.service`;

export function reachesBus(machine: Machine, call: Call): boolean {
  const version = machine.spec.systemd?.version ?? 252;
  return version >= FORCE_BUS_SINCE && /^(1|yes|true|on|y|t)$/i.test(call.env.SYSTEMCTL_FORCE_BUS ?? '');
}

function complain(call: Call, verb: string, name: string, result: JobResult, version: number): number {
  if (result.done) return 0;
  if (result.why === 'not-found') {
    const verbs: Record<string, string> = { 'try-restart': 'try-restart' };
    call.err(
      `Failed to ${verbs[verb] ?? verb} ${name}: Unit ${name} not ${version < 235 ? 'found' : verb === 'start' || verb === 'restart' ? 'found' : 'loaded'}.\n`,
    );
    return 5;
  }
  if (result.why === 'masked') {
    call.err(`Failed to ${verb} ${name}: Unit ${name} is masked.\n`);
    return 1;
  }
  if (result.why === 'no-reload') {
    call.err(`Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\n`);
    return 1;
  }
  if (result.why === 'inactive') {
    call.err(`${name} is not active, cannot reload.\n`);
    return 1;
  }
  call.err(
    `Job for ${name} failed because the control process exited with error code.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`,
  );
  return 1;
}

const VALUED = [
  '-p',
  '--property',
  '-t',
  '--type',
  '--state',
  '-s',
  '--signal',
  '--kill-who',
  '--kill-whom',
  '-n',
  '--lines',
  '-o',
  '--output',
  '--job-mode',
];

export async function systemctl(machine: Machine, call: Call): Promise<number> {
  const version = machine.spec.systemd?.version ?? 252;
  const wanted: string[] = [];
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < call.args.length; i++) {
    const argument = call.args[i]!;
    if (!argument.startsWith('-')) {
      words.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    let name = equals > 0 ? argument.slice(0, equals) : argument;
    let value = equals > 0 ? argument.slice(equals + 1) : 'true';
    if (equals < 0 && /^-[ptsn]./.test(argument) && !argument.startsWith('--')) {
      name = argument.slice(0, 2);
      value = argument.slice(2);
    } else if (equals < 0 && VALUED.includes(name)) value = call.args[++i] ?? '';
    if (name === '-p' || name === '--property') wanted.push(...value.split(','));
    options.set(name, value);
  }
  if (options.has('--version')) {
    call.out(`systemd ${version}\n`);
    return 0;
  }
  const [verb = 'list-units', ...names] = words;
  const units = names.map(full);
  // `cat` and `is-enabled` read files where the bus is not needed; on the bus they ask like the others.
  if (!reachesBus(machine, call)) {
    call.err('Failed to connect to bus: No data available\n');
    return 1;
  }
  const { systemd } = machine;
  switch (verb) {
    case 'show': {
      for (const [i, name] of units.entries()) {
        if (i) call.out('\n');
        const all = properties(machine, systemd.unit(name));
        for (const [key, property] of Object.entries(all)) {
          if (wanted.length && !wanted.includes(key)) continue;
          const text = shown(key, property);
          if (!wanted.length && text === '') continue;
          call.out(options.has('--value') ? `${text}\n` : `${key}=${text}\n`);
        }
      }
      return 0;
    }
    case 'is-active':
    case 'is-failed': {
      let any = false;
      let known = false;
      for (const name of units) {
        const unit = systemd.unit(name);
        if (unit.loadState !== 'not-found') known = true;
        const state = unit.loadState === 'not-found' && version < 230 ? 'unknown' : unit.active;
        if (verb === 'is-active' ? unit.active === 'active' : unit.active === 'failed') any = true;
        if (!options.has('-q') && !options.has('--quiet')) call.out(`${state}\n`);
      }
      if (any) return 0;
      if (verb === 'is-failed') return 1;
      return known || version < 246 ? 3 : 4;
    }
    case 'is-enabled': {
      let code = 1;
      for (const name of units) {
        const state = systemd.store.state(name);
        if (!state) {
          call.err(`Failed to get unit file state for ${name}: No such file or directory\n`);
          continue;
        }
        if (!options.has('-q') && !options.has('--quiet')) call.out(`${state}\n`);
        if (state === 'enabled' || state === 'static') code = 0;
      }
      return code;
    }
    case 'start':
    case 'stop':
    case 'restart':
    case 'reload':
    case 'try-restart':
    case 'reload-or-restart': {
      let code = 0;
      for (const name of units) {
        const unit = systemd.unit(name);
        let result: JobResult;
        if (verb === 'try-restart' && unit.active !== 'active') result = { done: true };
        else if (verb === 'reload') result = await systemd.reload(name);
        else if (
          verb === 'reload-or-restart' &&
          unit.active === 'active' &&
          unit.sections.Service?.ExecReload?.length
        ) {
          result = await systemd.reload(name);
        } else if (verb === 'start') result = await systemd.start(name);
        else if (verb === 'stop') result = await systemd.stop(name);
        else result = await systemd.restart(name);
        code = complain(call, verb, name, result, version) || code;
      }
      return code;
    }
    case 'kill': {
      const signal = options.get('-s') ?? options.get('--signal') ?? 'SIGTERM';
      const full =
        { 1: 'SIGHUP', 9: 'SIGKILL', 15: 'SIGTERM' }[signal] ??
        (signal.startsWith('SIG') ? signal : `SIG${signal}`);
      for (const name of units) systemd.kill(name, full);
      return 0;
    }
    case 'daemon-reload':
      systemd.daemonReload();
      return 0;
    case 'reset-failed':
      for (const name of units) systemd.resetFailed(name);
      return 0;
    case 'enable':
    case 'disable':
    case 'reenable': {
      for (const name of units) {
        if (!systemd.store.read(name)) {
          call.err(`Failed to ${verb} unit: Unit file ${name} does not exist.\n`);
          return 1;
        }
        if (verb !== 'enable') {
          for (const link of systemd.store.disable(name)) call.err(`Removed ${link}.\n`);
        }
        if (verb !== 'disable') {
          for (const { link, target } of systemd.store.enable(name))
            call.err(`Created symlink ${link} → ${target}.\n`);
        }
      }
      systemd.daemonReload();
      if (options.has('--now')) {
        for (const name of units) await (verb === 'disable' ? systemd.stop(name) : systemd.start(name));
      }
      return 0;
    }
    case 'cat': {
      for (const [i, name] of units.entries()) {
        const files = systemd.store.read(name);
        if (!files) {
          call.err(`No files found for ${name}.\n`);
          return 1;
        }
        if (i) call.out('\n');
        const paths = [files.fragment, ...files.dropIns];
        call.out(paths.map((path) => `# ${path}\n${readFileSync(machine.path(path), 'utf8')}`).join('\n'));
      }
      return 0;
    }
    case 'status': {
      let code = 0;
      for (const name of units) {
        const unit = systemd.unit(name);
        if (unit.loadState === 'not-found') {
          call.err(`Unit ${name} could not be found.\n`);
          code = 4;
          continue;
        }
        call.out(
          `● ${name} - ${shown('Description', properties(machine, unit).Description!)}\n     Loaded: loaded (${unit.fragment}; ${systemd.store.state(name)})\n     Active: ${unit.active} (${unit.sub})\n`,
        );
        if (unit.active !== 'active') code = 3;
      }
      return code;
    }
    case 'list-units':
    case 'list-unit-files': {
      for (const name of systemd.store.all()) {
        if (
          units.length &&
          !names.some((pattern) =>
            new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name),
          )
        )
          continue;
        const unit = systemd.unit(name);
        if (verb === 'list-unit-files') call.out(`${name} ${systemd.store.state(name)}\n`);
        else if (unit.active !== 'inactive' || options.has('--all') || options.has('-a')) {
          call.out(
            `${name} ${unit.loadState} ${unit.active} ${unit.sub} ${shown('Description', properties(machine, unit).Description!)}\n`,
          );
        }
      }
      return 0;
    }
    case 'is-system-running':
      call.out('running\n');
      return 0;
    default:
      call.err(`Unknown command verb '${verb}'.\n`);
      return 1;
  }
}
