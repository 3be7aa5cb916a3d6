/** The first number of a version of Docker: 20 of `20.10.24`. */
export function major(version: string): number {
  return Number.parseInt(version, 10);
}

const API: Record<string, string> = {
  '1.13': '1.26',
  '17.': '1.35',
  '18.06': '1.38',
  '18.09': '1.39',
  '19.03': '1.40',
  '20.10': '1.41',
  '23.': '1.42',
  '24.': '1.43',
};

/** The API version that an engine offers. */
export function apiVersion(version: string): string {
  for (const [prefix, api] of Object.entries(API)) if (version.startsWith(prefix)) return api;
  return '1.45';
}
