import type { AgentSpec } from '../../src/lab/types.ts';

/** 10.0.1.11 and so on; the last is public. */
export function agents(count: number, faults: Record<number, object> = {}): AgentSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    host: `10.0.1.${11 + index}`,
    public: index === count - 1,
    ...(faults[index] ? { faults: { steps: faults[index] } } : {}),
  })) as AgentSpec[];
}
