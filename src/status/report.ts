import { STATE_CODES, type StepStatus } from '../steps/state.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A `status.json` as far as it is one: what is not of its shape is left out; undefined without a state that we know. */
export function asReport(json: unknown): StepStatus | undefined {
  if (!isObject(json) || typeof json.state !== 'string' || !Object.hasOwn(STATE_CODES, json.state))
    return undefined;
  const object = (value: unknown) => (isObject(value) ? value : {});
  return {
    step: json.step as StepStatus['step'],
    state: json.state as StepStatus['state'],
    reason: typeof json.reason === 'string' ? json.reason : '',
    detail: object(json.detail),
    wanted: object(json.wanted),
    found: object(json.found),
    needs: Array.isArray(json.needs) ? json.needs.filter((need) => typeof need === 'string') : [],
    checkedAt: typeof json.checkedAt === 'string' ? json.checkedAt : '',
  };
}
