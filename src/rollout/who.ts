// Who changes something, for the record that `/calico/options` keeps.

interface Person {
  user: string;
  host: string;
}

/** The part between the dots of a JWT, decoded without verifying: it is a name for people, no authority rests on it. */
function uidOf(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { uid } = (claims ?? {}) as { uid?: unknown };
    return typeof uid === 'string' && uid !== '' ? uid : undefined;
  } catch {
    return undefined;
  }
}

/** `anna@example.com on laptop`, `anna@laptop`: the user of the login where it tells one, else that of this machine. Never the token. */
export function whoChanges(token: string | undefined, { user, host }: Person): string {
  const uid = token === undefined ? undefined : uidOf(token);
  return uid === undefined ? `${user}@${host}` : `${uid} on ${host}`;
}

/** The same command line without `--dry-run` (and `--json`), and `diff` as the install that it shows: what does what was looked at. */
export function inEarnest(command: string): string {
  return ['--dry-run', '--json'].reduce(
    // A message in quotes may say anything.
    (line, flag) => line.replace(new RegExp(`^((?:[^']|'[^']*')*?) ${flag}(?= |$)`), '$1'),
    command.replace(/^dcos calico diff(?= |$)/, 'dcos calico install'),
  );
}

/** The command line as it was typed, quoted where a shell would need it. */
export function commandLine(argv: readonly string[]): string {
  return ['dcos', 'calico', ...argv]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
