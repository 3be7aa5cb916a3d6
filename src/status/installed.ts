// What the cluster was told to be, as `/calico/options` remembers it.
import type { MarathonGroup } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { stepOf } from '../plan/agent-state.ts';
import { appDefinition, appDifferences, carrierOf, readOptionsApp } from '../steps/app-definition.ts';
import { STEPS } from '../steps/registry.ts';
import type { StepName } from '../steps/state.ts';
import { modeOf } from './mode.ts';
import type { Change } from './model.ts';

export interface InstalledRead {
  options: Options;
  change: Change;
  /** Agents (addresses) from which Calico is still to be taken off. */
  owed: string[];
  /** Agents (addresses) that have Calico as far as was recorded. */
  covered: string[];
  /** The steps that the options want. */
  enabled: StepName[];
  /** Apps that are not as the options make them, each with its fields. */
  edited: { app: string; fields: string[] }[];
}

/** Undefined: there is no `/calico/options`, or what it holds cannot be read. */
export function installedOf(
  group: MarathonGroup | undefined,
  marathonVersion: string,
): InstalledRead | undefined {
  const app = group?.apps.find(({ id }) => stepOf(id) === 'options');
  const installed = app && readOptionsApp(app);
  if (!group || !installed) return undefined;
  const { options, who, when, command, message, owed, covered = [] } = installed;
  return {
    options,
    change: { who, when, command, message },
    owed,
    covered,
    enabled: STEPS.filter((step) => step.isEnabled(options)).map(({ name }) => name),
    edited: editedApps(group, options, marathonVersion),
  };
}

/** What an uninstall says of its own: whom it is bound to, and whether engines keep their store. */
const OF_REMOVAL: ReadonlySet<string> = new Set(['constraints', 'env.DCOS_CALICO_LEAVE_STORE']);

function editedApps(
  group: MarathonGroup,
  options: Options,
  marathonVersion: string,
): InstalledRead['edited'] {
  const edited: InstalledRead['edited'] = [];
  for (const step of STEPS) {
    const app = group.apps.find(({ id }) => stepOf(id) === step.name);
    if (!app) continue;
    const wanted = appDefinition(step, options, {
      mode: modeOf(app),
      instances: app.instances,
      carrier: carrierOf(marathonVersion),
      marathonVersion,
      exclude: options.rollout.exclude,
    });
    const fields = appDifferences(app, wanted)
      .map(({ field }) => field)
      .filter((field) => modeOf(app) === 'present' || !OF_REMOVAL.has(field));
    if (fields.length > 0) edited.push({ app: app.id, fields });
  }
  return edited;
}
