// What a unit's settings mean on its host: conditions, environment, and the order at boot.
import { existsSync, readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';
import { environmentFile, type Sections, words } from './unit-file.ts';

/** Whether a unit's conditions on paths hold. */
export function conditionsHold(machine: Machine, sections: Sections): boolean {
  for (const [key, want] of [
    ['ConditionPathExists', true],
    ['ConditionPathIsDirectory', true],
    ['ConditionFileIsExecutable', true],
  ] as const) {
    for (const line of sections.Unit?.[key] ?? []) {
      const negated = line.startsWith('!');
      const path = machine.hostPath(line.replace(/^[!|]+/, ''));
      if (existsSync(machine.path(path)) === negated) return !want;
    }
  }
  return true;
}

/** What a unit's processes get, as its settings and files say. */
export function unitEnvironment(machine: Machine, sections: Sections): Record<string, string> {
  const env: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' };
  for (const line of sections.Service?.Environment ?? []) {
    for (const word of words(line)) {
      const equals = word.indexOf('=');
      if (equals > 0) env[word.slice(0, equals)] = word.slice(equals + 1);
    }
  }
  for (const line of sections.Service?.EnvironmentFile ?? []) {
    const path = machine.path(machine.hostPath(line.replace(/^-/, '')));
    if (existsSync(path)) Object.assign(env, environmentFile(readFileSync(path, 'utf8')));
  }
  return env;
}

/** Units in an order that `Before` and `After` allow; of those that wait for each other the first. */
export function inOrder(names: readonly string[], sections: (name: string) => Sections): string[] {
  const before = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
  for (const name of names) {
    const unit = sections(name).Unit;
    for (const other of (unit?.After ?? []).flatMap(words)) before.get(name)?.add(other);
    for (const other of (unit?.Before ?? []).flatMap(words)) before.get(other)?.add(name);
  }
  const order: string[] = [];
  const waits = (name: string) =>
    [...before.get(name)!].some((other) => before.has(other) && !order.includes(other));
  while (order.length < names.length) {
    const left = names.filter((name) => !order.includes(name));
    order.push(left.find((name) => !waits(name)) ?? left[0]!);
  }
  return order;
}
