// A recorded answer against the lab's: keys, types and values, each difference with its place.

export interface Difference {
  recording: string;
  /** `/apps/node/tasks/0/state`; list items by what names them. */
  path: string;
  recorded: unknown;
  lab: unknown;
}

type Json = unknown;
type Object = Record<string, Json>;

const isObject = (value: Json): value is Object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** What differs from run to run, by the key it stands under: only its form is compared. */
const FORM_ONLY = new Set([
  ...['id', 'deploymentId', 'taskId', 'instanceId', 'slaveId', 'agentId', 'frameworkId'],
  ...['version', 'lastScalingAt', 'lastConfigChangeAt'],
  ...['stagedAt', 'startedAt', 'firstSuccess', 'lastSuccess', 'lastFailure', 'timestamp', 'since'],
  ...['lastUnusedOfferAt', 'lastUsedOfferAt'],
]);
/** Of these only the type is compared: chance, speed, and how the recorded machine was set up. */
const TYPE_ONLY = new Set([
  ...['ipAddress', 'averageSeconds', 'medianSeconds'],
  ...['processedOffersCount', 'unusedOffersCount', 'processed', 'declined'],
  ...['scalar', 'begin', 'end'],
  ...['name', 'framework_name', 'master', 'zk', 'mesos_leader_ui_url'],
]);

/** Ids and times without what makes each one different. */
function form(value: Json): Json {
  if (typeof value !== 'string') return value;
  return value
    .replaceAll(UUID, '<uuid>')
    .replaceAll(TIME, '<time>')
    .replaceAll(/-([SO]?)\d+$/g, '-$1<number>');
}

/** By what an item of a list is told from the others; lists of plain values are compared as sets. */
function nameOf(item: Json, within: Json): string {
  if (!isObject(item)) return JSON.stringify(form(item));
  if ('slaveId' in item && 'stagedAt' in item) return taskName(item, within);
  if ('offer' in item) return String((item.offer as Object).hostname);
  if ('app' in item && isObject(item.app)) return String(item.app.id);
  const named = item.action ?? item.reason ?? item.path ?? item.name;
  return `${named ?? ''} ${item.app ?? form(item.id) ?? ''}`;
}

/** Tasks pair by what they are, not by where chance put them. */
function taskName(task: Object, within: Json): string {
  const info = isObject(within) && isObject(within.versionInfo) ? within.versionInfo : undefined;
  const current = info ? String(task.version) >= String(info.lastConfigChangeAt) : '';
  const health = (task.healthCheckResults as Object[]).map(({ alive }) => alive);
  return [current, task.state, JSON.stringify(task.checkResult), health, task.host].join(' ');
}

export class Comparison {
  readonly differences: Difference[] = [];
  /** Recorded versions and ids → the lab's: the same one must stand wherever the recorded one does. */
  readonly same = new Map<string, string>();
  #recording = '';

  compare(recording: string, recorded: Json, lab: Json): void {
    this.#recording = recording;
    this.#compare('', recorded, lab, undefined, undefined);
  }

  report(recording: string, path: string, recorded: Json, lab: Json): void {
    this.differences.push({ recording, path, recorded, lab });
  }

  /** A recorded request with the lab's ids in place of the recorded ones. */
  translate(text: string): string {
    let result = text;
    for (const [recorded, lab] of this.same) result = result.replaceAll(recorded, lab);
    return result;
  }

  #differ(path: string, recorded: Json, lab: Json): void {
    this.report(this.#recording, path, recorded, lab);
  }

  #compare(path: string, recorded: Json, lab: Json, key: string | undefined, within: Json): void {
    if (Array.isArray(recorded) && Array.isArray(lab)) this.#compareLists(path, recorded, lab, within);
    else if (isObject(recorded) && isObject(lab)) this.#compareObjects(path, recorded, lab);
    else if (typeof recorded !== typeof lab || Array.isArray(recorded) !== Array.isArray(lab)) {
      this.#differ(path, recorded, lab);
    } else this.#compareValues(path, recorded, lab, key);
  }

  #compareObjects(path: string, recorded: Object, lab: Object): void {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(lab)])) {
      if (!(key in recorded) || !(key in lab)) this.#differ(`${path}/${key}`, recorded[key], lab[key]);
      else {
        const within = key === 'tasks' ? recorded : undefined;
        this.#compare(`${path}/${key}`, recorded[key], lab[key], key, within && { recorded, lab });
      }
    }
  }

  #compareLists(path: string, recorded: Json[], lab: Json[], within: Json): void {
    if (recorded.length !== lab.length) {
      this.#differ(`${path}/length`, recorded.length, lab.length);
      return;
    }
    const owners = isObject(within) ? within : {};
    const sorted = (items: Json[], owner: Json): { name: string; item: Json }[] =>
      items
        .map((item) => ({ name: nameOf(item, owner), item }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    // Ports, constraints and the like are in the order in which they were put.
    const isPlain = recorded.every((item) => !isObject(item));
    const left = isPlain ? recorded.map((item) => ({ name: '', item })) : sorted(recorded, owners.recorded);
    const right = isPlain ? lab.map((item) => ({ name: '', item })) : sorted(lab, owners.lab);
    if (isPlain && /affectedApps|versions|^$/.test(path.split('/').at(-1)!)) {
      const order = (a: { item: Json }, b: { item: Json }): number =>
        String(a.item) < String(b.item) ? -1 : 1;
      left.sort(order);
      right.sort(order);
      if (String(left[0]?.item).match(TIME)) return;
    }
    for (const [index, { item, name }] of left.entries()) {
      const label =
        isObject(item) && typeof item.id === 'string' && item.id.startsWith('/') ? item.id : index;
      this.#compare(
        `${path}[${label}]`,
        item,
        right[index]!.item,
        name === '' ? 'item' : undefined,
        undefined,
      );
    }
  }

  #compareValues(path: string, recorded: Json, lab: Json, key: string | undefined): void {
    if (recorded === lab || (key !== undefined && TYPE_ONLY.has(key))) return;
    const hasForm = key !== undefined && (FORM_ONLY.has(key) || key === 'item');
    if (!hasForm || form(recorded) !== form(lab)) {
      this.#differ(path, recorded, lab);
      return;
    }
    this.#remember(path, String(recorded), String(lab), key!);
  }

  /** Versions of apps and ids of deployments must be the same ones throughout; which task is which is chance. */
  #remember(path: string, recorded: string, lab: string, key: string): void {
    if (path.includes('/tasks[') || path.includes('/task/')) {
      if (key === 'id') this.same.set(recorded, lab);
      return;
    }
    if (!['id', 'deploymentId', 'version', 'lastScalingAt', 'lastConfigChangeAt'].includes(key)) return;
    const known = this.same.get(recorded);
    if (known === undefined) this.same.set(recorded, lab);
    else if (known !== lab) this.#differ(path, `${recorded}, elsewhere ${known}`, lab);
  }
}
