import { readFile } from 'node:fs/promises';
import { EXIT, UserError } from '../errors.ts';

/** `--step-times FILE`. Throws `rehearsal-step-time`, exit code 2, for what is not JSON. */
export async function readStepTimes(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError({
      code: 'rehearsal-step-time',
      what: `The step times in ${path} cannot be used`,
      why: error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message,
      remedy: ['{"node": [20, 90], "restart": 45}     seconds, least and most'],
      exit: EXIT.usage,
    });
  }
}
