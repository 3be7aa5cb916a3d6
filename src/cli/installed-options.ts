// What is installed on the attached cluster, for commands that work without one too.
import type { Cluster } from '../dcos/cluster.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { readOptionsApp } from '../steps/options-app.ts';

/** What the app `/calico/options` holds; undefined where Calico is not installed, or it holds nothing that can be read. */
export async function installedOptions(
  cluster: Pick<Cluster, 'marathon'>,
): Promise<InstalledOptions | undefined> {
  const app = await cluster.marathon.app('/calico/options');
  return app && readOptionsApp(app);
}
