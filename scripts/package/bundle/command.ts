// `npm run package -- --bundle`: the flags of the bundle, and what is said of it.
import { loadOptions } from '../../../src/options/load.ts';
import { UNKNOWN } from './contents.ts';
import { type Bundle, Incomplete, makeBundle } from './make.ts';
import { sourcesOf } from './sources.ts';

export interface BundleFlags {
  /** `HOST=URL`, from the flags and from BUNDLE_SOURCES, with spaces between them. */
  source?: string[];
  /** Where the web server and the registry of the cluster will be. */
  mirror?: string;
  registry?: string;
  /** An options file that names other files or images than the defaults. */
  options?: string;
}

/** Makes the bundle, or says what is lacking and returns undefined. Throws for flags that cannot be used. */
export async function bundleCommand(
  { source = [], mirror, registry, options: file }: BundleFlags,
  { version, out }: { version: string; out: string },
): Promise<Bundle | undefined> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const set = (process.env.BUNDLE_SOURCES ?? '').split(/\s+/).filter(Boolean);
  const { options } = await loadOptions(file === undefined ? {} : { file });
  try {
    return await makeBundle({
      options,
      sources: sourcesOf([...set, ...source]),
      places: { mirror: mirror ?? UNKNOWN.mirror, registry: registry ?? UNKNOWN.registry },
      version,
      out,
      say,
    });
  } catch (error) {
    if (!(error instanceof Incomplete)) throw error;
    process.stderr.write(`No bundle was made. Not fetched:\n`);
    for (const reason of error.reasons) process.stderr.write(`  ${reason}\n`);
    process.stderr.write(
      'Another place to fetch from: --source HOST=URL, such as --source github.com=http://10.0.0.9:8000\n' +
        'Through a proxy: NODE_USE_ENV_PROXY=1 and HTTPS_PROXY\n',
    );
    return undefined;
  }
}
