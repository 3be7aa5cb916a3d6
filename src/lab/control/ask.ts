// What the running lab says of itself.
import { UserError } from '../../errors.ts';
import { type LabState, labDirectory, readState, readToken } from './place.ts';
import { type LabReport, STATUS_PATH } from './status-route.ts';

/** The running lab's report; undefined: none runs. */
export async function askLab(
  directory = labDirectory(),
): Promise<{ state: LabState; report: LabReport } | undefined> {
  const state = readState(directory);
  if (state === undefined || state === 'stale') return undefined;
  try {
    const answer = await fetch(state.url + STATUS_PATH, {
      headers: { authorization: `token=${readToken(directory)}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return { state, report: (await answer.json()) as LabReport };
  } catch (error) {
    throw new UserError({
      code: 'lab-silent',
      what: `The lab at ${state.url} does not answer`,
      why: (error as Error).message,
      remedy: ['dcos calico lab stop'],
    });
  }
}
