// What this machine must be and have for the grade `hosts`, looked at before anything is made.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';

/** Command → the Debian package that has it. */
export const NEEDED: Record<string, string> = {
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
};

/** Debian's keys, by which mmdebstrap tells its packages; Ubuntu has them in the package of the same name. */
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Packages that are missing, without duplicates. */
export function missingPackages(path = process.env.PATH ?? ''): string[] {
  const folders = [...path.split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  const missing = Object.entries(NEEDED)
    .filter(([name]) => !folders.some((folder) => folder && isThere(join(folder, name), constants.X_OK)))
    .map(([, packaged]) => packaged);
  if (!isThere(KEYRING, constants.R_OK)) missing.push('debian-archive-keyring');
  return [...new Set(missing)];
}

export interface ThisMachine {
  platform: string;
  /** Effective user id; undefined where there is none. */
  uid: number | undefined;
  missing: readonly string[];
}

/** Why hosts cannot be run on a machine, as an error; undefined where they can. */
export function impossible({ platform, uid, missing }: ThisMachine): UserError | undefined {
  const because = (why: string, ...remedy: string[]) =>
    new UserError({ code: 'lab-hosts-impossible', what: 'Hosts cannot be run on this machine', why, remedy });
  if (platform !== 'linux') {
    return because('they are systemd-nspawn machines, which only Linux has', 'dcos calico lab start');
  }
  if (uid !== 0) return because('that needs root', 'Run the same command as root');
  if (missing.length === 0) return undefined;
  const are = missing.length === 1 ? 'is' : 'are';
  return because(`${missing.join(', ')} ${are} missing`, `apt-get install ${missing.join(' ')}`);
}

/** Throws `lab-hosts-impossible` with the reason. */
export function requireHosts(): void {
  const error = impossible({
    platform: process.platform,
    uid: process.geteuid?.(),
    missing: process.platform === 'linux' ? missingPackages() : [],
  });
  if (error) throw error;
}
