// An inventory as a file: saved where the cluster is, rehearsed wherever one likes.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { EXIT, UserError } from '../errors.ts';
import { INVENTORY_FORMAT, type Inventory, type InventoryAgent } from './inventory.ts';

/** 5,000 agents are about 3 MB. */
const LARGEST = 256 * 1024 * 1024;

/** Writes it, over an earlier inventory only. Nobody else's to read: it names all agents. @throws {UserError} exit code 2 */
export async function saveInventory(path: string, inventory: Inventory): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there && !(await loadInventory(path).catch(() => undefined)))
    throw new UserError({
      code: 'file-in-the-way',
      what: `The inventory was not written to ${path}`,
      why: 'there is a file of that name, and it is no inventory',
      remedy: ['Name another file: --save-inventory FILE'],
      exit: EXIT.usage,
    });
  try {
    await writeFile(path, `${JSON.stringify(inventory, null, 1)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new UserError({
      code: 'cannot-write',
      what: `The inventory was not written to ${path}`,
      why: (error as Error).message,
      exit: EXIT.usage,
    });
  }
}

/** Reads it. Throws `rehearsal-inventory`, exit code 2, for anything else: nothing of it is guessed. */
export async function loadInventory(path: string): Promise<Inventory> {
  const no = (why: string) =>
    new UserError({
      code: 'rehearsal-inventory',
      what: `${path} cannot be rehearsed`,
      why,
      remedy: [`dcos calico lab rehearse --save-inventory ${path}     where the cluster is attached`],
      exit: EXIT.usage,
    });
  let json: unknown;
  try {
    if ((await stat(path)).size > LARGEST) throw no('it is too large to be an inventory');
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw no(error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message);
  }
  const wrong = inventoryProblem(json);
  if (wrong) throw no(wrong);
  return json as Inventory;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown) => typeof value === 'number' && value >= 0;

/** Why this is no inventory; undefined: it is one. Pure. */
export function inventoryProblem(json: unknown): string | undefined {
  if (!isObject(json) || json.format !== INVENTORY_FORMAT)
    return 'it was not made by dcos calico lab rehearse --save-inventory';
  for (const name of ['read', 'url', 'dcos', 'marathon'])
    if (typeof json[name] !== 'string') return `"${name}" is missing`;
  if (typeof json.dockerKnown !== 'boolean') return '"dockerKnown" is missing';
  for (const name of ['srv', ...(json.installed === undefined ? [] : ['installed'])])
    if (!isObject(json[name])) return `"${name}" is missing`;
  for (const name of ['agents', 'packages', 'notes'])
    if (!Array.isArray(json[name])) return `"${name}" is missing`;
  const agents = json.agents as Partial<InventoryAgent>[];
  for (const [index, agent] of agents.entries()) {
    const wrong = agentProblem(agent);
    if (wrong) return `agent ${index + 1} ${wrong}`;
  }
  const hosts = agents.map(({ host }) => host);
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  return twice === undefined ? undefined : `the agent ${twice} is in it twice`;
}

function agentProblem(agent: unknown): string | undefined {
  if (!isObject(agent) || typeof agent.host !== 'string') return 'has no "host"';
  if (agent.type !== 'private' && agent.type !== 'public') return 'is neither "private" nor "public"';
  const { used } = agent;
  if (!isObject(used)) return 'has no "used"';
  for (const name of ['cpus', 'mem', 'disk'])
    if (!isCount(agent[name]) || !isCount(used[name])) return `has no "${name}"`;
  if (typeof agent.ports !== 'string' || typeof used.ports !== 'string') return 'has no "ports"';
  if (!isObject(agent.attributes)) return 'has no "attributes"';
  return ['active', 'deactivated', 'inactive'].includes(String(agent.state)) ? undefined : 'has no "state"';
}
