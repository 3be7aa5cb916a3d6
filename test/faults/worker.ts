// Runs the cases that it is given, one after the other, and tells how each went: `scripts/test-faults.ts` watches over it.
import { runCase } from './campaign.ts';

process.on('message', (asked: { name: string; seed: number }) => {
  void runCase(asked.name, asked.seed).then((outcome) => process.send?.({ name: asked.name, outcome }));
});
process.send?.({ ready: true });
