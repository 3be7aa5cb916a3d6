// The preflight's command: a Python program that looks, and the looking parts of each step's program beside it.
import prelude from '../prelude.sh';
import { STEPS } from '../registry.ts';
import type { StepName } from '../state.ts';
import host from './host.py';
import { partsOf, sharedParts, take, wordsOf } from './parts.ts';
import program from './preflight.py';
import script from './script.sh';

/** What the preflight asks of a step besides its own look. */
const ASKED: Partial<Record<StepName, string[]>> = {
  'etcd-proxy': ['peers_of_srv', 'upstreams'],
  docker: ['OURS', 'config_file', 'on_disk', 'pending_edits', 'service', 'store_flag', 'wanted_keys'],
  cni: ['PLUGINS', 'directories', 'looked_at', 'same_network'],
  node: ['kernel_left'],
};

/** Parts that change a host, or that only what changes it needs. Where a look comes to one of them it ends. */
const CHANGING = [
  'HostLock absent agree back_up bus claims configure converge end_agent_restart end_what_was_cut_off fetch finish follow_members',
  'forget_dead_claims forget_last go have_image install_unit keep keep_node_name lasting make_directory news not_named',
  'permit place placed progress put_back put_last reload remove remove_container remove_empty remove_unit rescue restart restart_agent restore',
  'run settled stand_back start_again tell_news turn_is_held undo unpack users wait_until write',
].flatMap((line) => line.split(' '));

const END = 'DCOS_CALICO_END_OF_PROGRAM';

function pythonOf(command: string): string {
  const found = /^cat >\.\/step\.py <<'(\w+)'\n([\s\S]*?)\n\1$/m.exec(command);
  if (!found) throw new Error('the command of a step holds no Python');
  return found[2]!;
}

/** What a step does to keep looking, and what it leaves on the host for that; this program looks once. */
const ONLY_OF_STEPS = ['claim_host', 'wait_for_news', 'keep_looking'];

function preludeWithout(names: readonly string[]): string {
  return names.reduce((text, name) => {
    const rest = text.replace(new RegExp(`(?:^#.*\\n)*^${name}\\(\\) \\{\\n[\\s\\S]*?^\\}\\n+`, 'm'), '');
    if (rest === text) throw new Error(`the prelude of the steps has no ${name}`);
    return rest;
  }, prelude);
}

function file(path: string, text: string): string {
  return `cat >${path} <<'${END}'\n${text.trimEnd()}\n${END}`;
}

/** The text of the command. As a step's, it holds no option. */
export function preflightProgram(): string {
  const without = new Set(CHANGING);
  const programs = STEPS.map(({ name, script: command }) => ({ name, parts: partsOf(pythonOf(command)) }));
  const shared = sharedParts(programs.map(({ parts }) => parts));
  const steps = programs.map(({ name, parts }) => ({
    name,
    ...take(
      parts.filter(({ text }) => !shared.has(text)),
      ['present', ...(ASKED[name] ?? [])],
      without,
    ),
  }));
  const common = new Map(programs.flatMap(({ parts }) => parts.map((part) => [part.text, part] as const)));
  const own = `${host}\n\nLEFT_OUT = '${CHANGING.join(' ')}'.split()\n\n${program}`;
  const { text } = take(
    [...common.values()].filter((part) => shared.has(part.text)),
    [...steps.flatMap(({ needs }) => [...needs]), ...wordsOf(own)],
    without,
  );
  return [
    preludeWithout(ONLY_OF_STEPS).trimEnd(),
    'step=preflight',
    file('./step.py', `${text}\n${own}`),
    ...steps.map((step) => file(`./${step.name}.py`, step.text)),
    script.trimEnd(),
    '',
  ].join('\n');
}
