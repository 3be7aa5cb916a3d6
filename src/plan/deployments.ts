// Marathon locks an app while a deployment of it is open. Our own stay open as long as an agent has no room or is gone (and, on
// Marathon < 1.8, until every step is ready): that is no lock of a colleague's.
import type { MarathonDeployment } from '../dcos/types.ts';

/** Apps that come and go with a command of this program, and that nobody else has any use for. */
const HELPERS = '/calico/ops/';

const inGroup = (app: string) => app === '/calico' || app.startsWith('/calico/');

/** Apps that come and go and change nothing: whoever runs them is in nobody's way. */
const HARMLESS: ReadonlySet<string> = new Set(['/calico/ops/preflight', '/calico/ops/endpoints']);

/** Whether the deployment concerns anything below `/calico` that counts. */
export function concernsUs(deployment: MarathonDeployment): boolean {
  return deployment.affectedApps.some((app) => inGroup(app) && !HARMLESS.has(app));
}

/**
 * Whether superseding the deployment loses nothing but waiting: it touches only apps below `/calico`, stops none of them, and all of
 * them are as our options want them (so whatever it still does, our next PUT does too). Marathon does not tell who began one.
 *
 * @param apps ids of the apps that are there: a deployment of one that is not ends its last tasks, and cancelled leaves them
 * @param changedByHand ids of apps that differ from what the installed options make of them
 */
export function ownDeployment(
  deployment: MarathonDeployment,
  changedByHand: ReadonlySet<string>,
  apps?: ReadonlySet<string>,
): boolean {
  // A turn that was taken away stays in Marathon's books as long as an agent that had it does not answer.
  if (deployment.affectedApps.every((app) => app.startsWith(HELPERS))) return true;
  if (!deployment.affectedApps.every(inGroup)) return false;
  if (deployment.currentActions?.some(({ action }) => action === 'StopApplication')) return false;
  const going = deployment.affectedApps.some(
    (app) => !app.startsWith('/calico/ops/') && apps?.has(app) === false,
  );
  if (going) return false;
  return deployment.affectedApps.every((app) => !changedByHand.has(app));
}
