// Marathon locks an app while a deployment of it is open. Our own stay open as long as an agent has no room or is gone (and, on
// Marathon < 1.8, until every step is ready): that is no lock of a colleague's.
import type { MarathonDeployment } from '../dcos/types.ts';

const inGroup = (app: string) => app === '/calico' || app.startsWith('/calico/');

/** Whether the deployment concerns anything below `/calico`. */
export function concernsUs(deployment: MarathonDeployment): boolean {
  return deployment.affectedApps.some(inGroup);
}

/**
 * Whether superseding the deployment loses nothing but waiting: it touches only apps below `/calico`, stops none of them, and all of
 * them are as our options want them (so whatever it still does, our next PUT does too). Marathon does not tell who began one.
 *
 * @param changedByHand ids of apps that differ from what the installed options make of them
 */
export function ownDeployment(deployment: MarathonDeployment, changedByHand: ReadonlySet<string>): boolean {
  if (!deployment.affectedApps.every(inGroup)) return false;
  if (deployment.currentActions?.some(({ action }) => action === 'StopApplication')) return false;
  return deployment.affectedApps.every((app) => !changedByHand.has(app));
}
