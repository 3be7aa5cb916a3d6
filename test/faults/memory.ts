// Whether what runs for long keeps more and more.

/** Bytes in use once everything that can go has gone. Wants `--expose-gc`. */
export function heap(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('memory is measured with --expose-gc');
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}

/**
 * How much a straight line through the samples, which are equally far apart, rises from the first to the last, in shares of where it
 * begins: 0.1 is a tenth more. One sample that is high by chance weighs little.
 */
export function growth(samples: readonly number[]): number {
  const n = samples.length;
  const middle = (n - 1) / 2;
  const mean = samples.reduce((sum, one) => sum + one, 0) / n;
  let up = 0;
  let across = 0;
  samples.forEach((one, index) => {
    up += (index - middle) * (one - mean);
    across += (index - middle) ** 2;
  });
  const slope = up / across;
  return (slope * (n - 1)) / (mean - slope * middle);
}

export const percent = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;
