// What must be nowhere in anything that a command leaves or prints.

/** Which of them stand in a text; by their kind, never by themselves. */
export function secretsIn(text: string, tokens: readonly string[]): string[] {
  const found: string[] = [];
  for (const token of tokens) {
    if (token && text.includes(token)) found.push('the token');
    // The signature alone is enough to know that it came from the token.
    const signature = token.split('.')[2];
    if (signature && text.includes(signature)) found.push("the token's signature");
  }
  if (/eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/.test(text))
    found.push('a login token');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text)) found.push('a private key');
  if (text.includes(PLANTED)) found.push('a planted secret');
  return [...new Set(found)];
}

/** Put where secrets are: keys of etcd, a registry's password, an environment. */
export const PLANTED = 'hunter2-d0nt-print-me';
