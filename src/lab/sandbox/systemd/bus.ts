// systemd on the system bus: `busctl call`, `busctl get-property` and `dbus-send`, which reach the host from a task.
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { onBus, type Property, properties } from './properties.ts';
import { full } from './systemctl.ts';

const DESTINATION = 'org.freedesktop.systemd1';
const MANAGER = 'org.freedesktop.systemd1.Manager';
const ROOT = '/org/freedesktop/systemd1';

/** A unit's object path: everything but letters and digits as `_hex`. */
export function objectPath(name: string): string {
  return `${ROOT}/unit/${name.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}

function unitOf(path: string): string {
  return path
    .slice(`${ROOT}/unit/`.length)
    .replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

class BusError extends Error {
  readonly name_: string;
  constructor(name: string, message: string) {
    super(message);
    this.name_ = name;
  }
}

interface Reply {
  signature: string;
  values: (string | boolean | { change: string; link: string; target: string })[];
}

/** Arguments of a call, flat: strings, numbers and the entries of arrays in their order, counts left out. */
async function invoke(machine: Machine, method: string, args: string[], lists: string[][]): Promise<Reply> {
  const { systemd } = machine;
  const name = full(args[0] ?? lists[0]?.[0] ?? '');
  const job = (): Reply => ({ signature: 'o', values: [`${ROOT}/job/${systemd.nextJob()}`] });
  const mustExist = (): void => {
    const unit = systemd.unit(name);
    if (unit.loadState === 'not-found')
      throw new BusError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${name} not found.`);
    if (unit.loadState === 'masked')
      throw new BusError('org.freedesktop.systemd1.UnitMasked', `Unit ${name} is masked.`);
  };
  switch (method) {
    case 'StartUnit':
    case 'RestartUnit':
    case 'ReloadOrRestartUnit':
      mustExist();
      // A job's end is not waited for: the caller looks at the unit.
      void (method === 'StartUnit' ? systemd.start(name) : systemd.restart(name));
      return job();
    case 'TryRestartUnit':
      mustExist();
      if (systemd.unit(name).active === 'active') void systemd.restart(name);
      return job();
    case 'StopUnit':
      if (systemd.unit(name).loadState === 'not-found' && !systemd.unit(name).main) {
        throw new BusError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${name} not loaded.`);
      }
      void systemd.stop(name);
      return job();
    case 'ReloadUnit': {
      mustExist();
      const unit = systemd.unit(name);
      if (!unit.sections.Service?.ExecReload?.length) {
        throw new BusError(
          'org.freedesktop.systemd1.JobTypeNotApplicable',
          `Job type reload is not applicable for unit ${name}.`,
        );
      }
      void systemd.reload(name);
      return job();
    }
    case 'KillUnit': {
      const unit = systemd.unit(name);
      if (unit.loadState === 'not-found')
        throw new BusError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${name} not loaded.`);
      const number = args[2] ?? '15';
      const signal = { 1: 'SIGHUP', 2: 'SIGINT', 9: 'SIGKILL', 15: 'SIGTERM' }[number] ?? 'SIGTERM';
      if (!systemd.kill(name, signal)) {
        throw new BusError('org.freedesktop.systemd1.NoSuchProcess', `No main process to kill`);
      }
      return { signature: '', values: [] };
    }
    case 'ResetFailedUnit':
      systemd.resetFailed(name);
      return { signature: '', values: [] };
    case 'Reload':
      systemd.daemonReload();
      return { signature: '', values: [] };
    case 'GetUnit':
      if (!systemd.units.has(name) && !systemd.store.read(name)) {
        throw new BusError('org.freedesktop.systemd1.NoSuchUnit', `Unit ${name} not loaded.`);
      }
      systemd.unit(name);
      return { signature: 'o', values: [objectPath(name)] };
    case 'LoadUnit':
      systemd.unit(name);
      return { signature: 'o', values: [objectPath(name)] };
    case 'GetUnitFileState': {
      const state = systemd.store.state(name);
      if (!state) throw new BusError('org.freedesktop.DBus.Error.FileNotFound', 'No such file or directory');
      return { signature: 's', values: [state] };
    }
    case 'EnableUnitFiles': {
      const changes = (lists[0] ?? args).map(full).flatMap((each) => {
        if (!systemd.store.read(each)) {
          throw new BusError('org.freedesktop.systemd1.NoSuchUnit', `Unit file ${each} does not exist.`);
        }
        return systemd.store.enable(each).map(({ link, target }) => ({ change: 'symlink', link, target }));
      });
      return { signature: 'ba(sss)', values: [true, ...changes] };
    }
    case 'DisableUnitFiles': {
      const changes = (lists[0] ?? args)
        .map(full)
        .flatMap((each) =>
          systemd.store.disable(each).map((link) => ({ change: 'unlink', link, target: '' })),
        );
      return { signature: 'a(sss)', values: changes };
    }
    default:
      throw new BusError(
        'org.freedesktop.DBus.Error.UnknownMethod',
        `Unknown method ${method} or interface ${MANAGER}.`,
      );
  }
}

function printed(reply: Reply): string {
  if (!reply.signature) return '';
  const parts: string[] = [];
  const changes = reply.values.filter((value) => typeof value === 'object');
  for (const value of reply.values) {
    if (typeof value === 'boolean') parts.push(String(value));
    else if (typeof value === 'string') parts.push(JSON.stringify(value));
  }
  if (reply.signature.includes('a(sss)')) {
    parts.push(String(changes.length));
    for (const { change, link, target } of changes) {
      parts.push(JSON.stringify(change), JSON.stringify(link), JSON.stringify(target));
    }
  }
  return `${reply.signature} ${parts.join(' ')}\n`;
}

/** Reads values by a signature, as busctl does: an array says its length first. */
function bySignature(signature: string, words: string[]): { args: string[]; lists: string[][] } {
  const args: string[] = [];
  const lists: string[][] = [];
  const queue = [...words];
  for (let i = 0; i < signature.length; i++) {
    if (signature[i] === 'a') {
      i++;
      lists.push(queue.splice(0, Number(queue.shift() ?? 0)));
    } else args.push(queue.shift() ?? '');
  }
  return { args, lists };
}

function property(machine: Machine, path: string, name: string): Property {
  if (path === ROOT && name === 'Version')
    return { type: 's', value: String(machine.spec.systemd?.version ?? 252) };
  const unit = machine.systemd.unit(unitOf(path));
  const found = properties(machine, unit)[name];
  if (!found)
    throw new BusError(
      'org.freedesktop.DBus.Error.UnknownProperty',
      `Unknown interface or property ${name}.`,
    );
  return found;
}

export async function busctl(machine: Machine, call: Call): Promise<number> {
  const words = call.args.filter(
    (word) =>
      !/^--(system|no-pager|quiet|verbose|no-legend|timeout=.*|expect-reply=.*|json=.*|list)$/.test(word) &&
      word !== '-q',
  );
  const json = call.args.some((word) => word.startsWith('--json'));
  const [verb, destination, path, , member, ...rest] = words;
  try {
    if (verb !== 'call' && verb !== 'get-property') {
      call.err(`Unknown command verb ${verb}.\n`);
      return 1;
    }
    if (destination !== DESTINATION) {
      throw new BusError('', `The name ${destination} was not provided by any .service files`);
    }
    if (verb === 'get-property') {
      for (const name of [member!, ...rest]) {
        const found = property(machine, path!, name);
        call.out(json ? `${JSON.stringify({ type: found.type, data: found.value })}\n` : `${onBus(found)}\n`);
      }
      return 0;
    }
    const [signature = '', ...values] = rest;
    const { args, lists } = bySignature(signature, values);
    call.out(printed(await invoke(machine, member!, args, lists)));
    return 0;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    call.err(
      verb === 'get-property'
        ? `Failed to get property ${member}: ${error.message}\n`
        : `Call failed: ${error.message}\n`,
    );
    return 1;
  }
}

export async function dbusSend(machine: Machine, call: Call): Promise<number> {
  const words = call.args.filter((word) => !word.startsWith('--'));
  const reply =
    call.args.includes('--print-reply') || call.args.some((word) => word.startsWith('--print-reply='));
  const literal = call.args.includes('--print-reply=literal');
  const [path = '', member = '', ...values] = words;
  const method = member.slice(member.lastIndexOf('.') + 1);
  const args: string[] = [];
  const lists: string[][] = [];
  for (const value of values) {
    const array = /^array:(\w+):(.*)$/s.exec(value);
    if (array) lists.push(array[2]!.split(','));
    else args.push(value.slice(value.indexOf(':') + 1));
  }
  const head = literal
    ? ''
    : `method return time=${(machine.clock.now() / 1000).toFixed(6)} sender=:1.1 -> destination=:1.42 serial=1042 reply_serial=2\n`;
  try {
    if (member === 'org.freedesktop.DBus.Properties.Get') {
      const { type, value } = property(machine, path, args[1]!);
      const names: Record<string, string> = {
        s: 'string',
        u: 'uint32',
        t: 'uint64',
        i: 'int32',
        b: 'boolean',
        o: 'object path',
      };
      const text =
        type === 's' || type === 'o'
          ? `${names[type]} ${literal ? value : `"${value}"`}`
          : `${names[type] ?? type} ${value}`;
      if (reply) call.out(`${head}   variant       ${text}\n`);
      return 0;
    }
    const answer = await invoke(machine, method, args, lists);
    if (reply) {
      const values = answer.values
        .filter((value) => typeof value === 'string')
        .map((value) =>
          answer.signature === 'o' ? `   object path "${value}"\n` : `   string "${value}"\n`,
        );
      call.out(head + values.join(''));
    }
    return 0;
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
    if (!reply) return 0;
    call.err(`Error ${error.name_}: ${error.message}\n`);
    return 1;
  }
}
