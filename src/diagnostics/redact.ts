// Takes secrets out of whatever goes into an archive: texts of hosts and of other people's apps may hold anything.

const OUT = '***';

/** Each with what stays of it. The order counts: what is specific comes first. */
const PATTERNS: readonly [RegExp, string][] = [
  // Private keys as PEM, also with the line ends of JSON.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, OUT],
  // Tokens of DC/OS are JWTs.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, OUT],
  [/\b(authorization["']?\s*[:=]\s*["']?)[^\s"',}]+(?:[ =][^\s"',}]+)?/gi, `$1${OUT}`],
  [/\b((?:token|bearer|basic)[ =])[^\s"',&}]+/gi, `$1${OUT}`],
  // user:password@ of a URL, and what a query carries.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/"'@]*:[^\s/"'@]*@/gi, `$1${OUT}@`],
  [/([?&][\w-]*(?:token|secret|password|key|sig)[\w-]*=)[^&\s"']+/gi, `$1${OUT}`],
  // Docker's config.json: "auth": "dXNlcjpwYXNz".
  [/("(?:auth|identitytoken|registrytoken|password|passwd|secret|token)"\s*:\s*")[^"]*(")/gi, `$1${OUT}$2`],
  [/\b([\w-]*(?:password|passwd|secret|api_?key)[\w-]*\s*[:=]\s*["']?)[^\s"',}]+/gi, `$1${OUT}`],
];

/** A name whose value is nobody's business. Paths of TLS files are names of files, not keys. */
const SECRET_NAME = /(password|passwd|secret|token|credential|private|auth(?!or)|api_?key)/i;

export class Redaction {
  readonly #known: readonly string[];

  /** @param known texts that are secret wherever they stand: the token of this session */
  constructor(known: readonly (string | undefined)[] = []) {
    this.#known = known.filter((one): one is string => one !== undefined && one.length >= 8);
  }

  text(text: string): string {
    let plain = text;
    for (const one of this.#known) plain = plain.replaceAll(one, OUT);
    for (const [pattern, stays] of PATTERNS) plain = plain.replace(pattern, stays);
    return plain;
  }

  /** A value as JSON, two spaces a level, ending in a line feed. Values under secret names go, whatever they are. */
  json(value: unknown): string {
    const secretless = JSON.stringify(
      value,
      (name, of) =>
        SECRET_NAME.test(name) && isValue(of) ? OUT : typeof of === 'string' ? this.text(of) : of,
      2,
    );
    return `${secretless ?? 'null'}\n`;
  }
}

const isValue = (of: unknown) => (typeof of === 'string' && of !== '') || typeof of === 'number';
