// Checks of what Mesos says of agents, as src/dcos/shapes.ts has them of the rest.
import { LAST_SECOND, numbers, objectIfThere, objectsIfThere, texts, there, without } from './held.ts';
import { KEPT_OF_AGENTS } from './kept-fields.ts';
import {
  each,
  type Fields,
  inside,
  list,
  number,
  object,
  type Place,
  type Shape,
  text,
  wrong,
} from './shape.ts';
import type { MesosAgent, MesosResources } from './types.ts';

const RESOURCES = ['resources', 'used_resources', 'unreserved_resources'];
const OF_AGENT = ['pid', 'version'];
const NUMBERS = ['port', 'registered_time', 'reregistered_time'];
const AGENT_TIMES = ['registered_time', 'reregistered_time'];
const PORTS = ['ports'];
const NAME_AND_ROLE = ['name', 'role'];
const SCALARS = ['cpus', 'mem', 'disk'];

/** The agent that was looked at last: where the next one has the very same part, which is read once, that need not be looked at again. */
class Parts {
  #last: Fields = {};

  isLast(fields: Fields, name: string): boolean {
    const value = fields[name];
    return value !== undefined && value === this.#last[name];
  }

  keep(fields: Fields): void {
    this.#last = fields;
  }
}

function resources(value: unknown, at: Place): MesosResources {
  const fields = value === undefined ? {} : object(value, at);
  for (const name of SCALARS) {
    if (fields[name] === undefined) fields[name] = 0;
    else number(fields, name, at);
  }
  return fields as unknown as MesosResources;
}

function agent(value: unknown, at: Place, parts: Parts): MesosAgent {
  const fields = object(value, at);
  text(fields, 'id', at);
  text(fields, 'hostname', at);
  if (typeof fields.active !== 'boolean') throw wrong(inside(at, 'active'), fields.active, 'true or false');
  fields.attributes =
    fields.attributes === undefined ? {} : object(fields.attributes, inside(at, 'attributes'));
  for (const name of RESOURCES)
    if (!parts.isLast(fields, name)) fields[name] = resources(fields[name], inside(at, name));
  if (!parts.isLast(fields, 'reserved_resources')) {
    const reserved = object(fields.reserved_resources ?? {}, inside(at, 'reserved_resources'));
    for (const role of Object.keys(reserved)) {
      reserved[role] = resources(reserved[role], inside(at, `reserved_resources.${role}`));
    }
    fields.reserved_resources = reserved;
  }
  holdAgent(fields, at, parts);
  parts.keep(fields);
  return fields as unknown as MesosAgent;
}

/** What need not be there. @param parts those of the agent before */
function holdAgent(fields: Fields, at: Place, parts: Parts): void {
  texts(fields, OF_AGENT, at);
  fields.version ??= '';
  fields.registered_time ??= 0;
  numbers(fields, NUMBERS, at);
  for (const name of AGENT_TIMES)
    if (there(fields, name) && !(Math.abs(number(fields, name, at)) < LAST_SECOND))
      throw wrong(inside(at, name), fields[name], 'a time');
  if (!parts.isLast(fields, 'attributes')) holdAttributes(fields, at);
  for (const name of RESOURCES)
    if (!parts.isLast(fields, name))
      texts(object(fields[name] ?? {}, inside(at, name)), PORTS, inside(at, name));
  if (!parts.isLast(fields, 'reserved_resources'))
    for (const one of Object.values((fields.reserved_resources ?? {}) as Record<string, Fields>))
      texts(one, PORTS, inside(at, 'reserved_resources'));
  const drain = objectIfThere(fields, 'drain_info', at);
  if (drain) texts(drain, ['state'], inside(at, 'drain_info'));
  else without(fields, 'drain_info');
  if (parts.isLast(fields, 'used_resources_full')) return;
  for (const item of objectsIfThere(fields, 'used_resources_full', at)) {
    texts(item, NAME_AND_ROLE, at);
    const scalar = objectIfThere(item, 'scalar', at);
    if (scalar) number(scalar, 'value', at);
  }
}

function holdAttributes(fields: Fields, at: Place): void {
  const attributes = (fields.attributes ?? {}) as Fields;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw wrong(inside(inside(at, 'attributes'), name), value, 'a text or a number');
  }
}

/** With all that Mesos says of them, for whoever looks for more than this program does. */
export const AGENTS_WHOLE: Shape<{ agents: MesosAgent[]; recovered: number }> = {
  expects: 'a list of agents',
  read: (json) => {
    const fields = object(json, '');
    const recovered =
      fields.recovered_slaves === undefined ? [] : list(fields.recovered_slaves, 'recovered_slaves');
    const parts = new Parts();
    const agents = each(fields, 'slaves', '', (value, at) => agent(value, at, parts));
    return { agents, recovered: recovered.length };
  },
};

export const AGENTS: typeof AGENTS_WHOLE = { ...AGENTS_WHOLE, keeps: KEPT_OF_AGENTS };

export const FLAGS: Shape<Record<string, string>> = {
  expects: "an agent's flags",
  read: (json) => object(object(json, '').flags, 'flags') as Record<string, string>,
};
