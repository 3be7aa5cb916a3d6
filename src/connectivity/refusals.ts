// Why a test of the network could not be made.
import { UserError } from '../errors.ts';

export function notPrepared(why: string, host: string): UserError {
  return new UserError({
    code: 'connectivity-not-prepared',
    what: 'The test of the network could not be prepared; what it had begun is taken away',
    why,
    remedy: [`dcos calico status ${host}`, 'dcos calico preflight'],
  });
}

export function notInstalled(): UserError {
  return new UserError({
    code: 'not-installed',
    what: 'There is no network of Calico to test',
    why: 'Calico is not installed on this cluster',
    remedy: ['dcos calico install'],
  });
}

/** @param why what keeps every agent from taking part */
export function nobody(why: string): UserError {
  return new UserError({
    code: 'connectivity-nobody',
    what: 'There is nobody to test the network with',
    why,
    remedy: ['dcos calico status', 'dcos calico connectivity test --agents 10.0.1.11,10.0.1.12'],
  });
}
