// Deflate by zlib, in a second, or by 7-Zip, which looks longer for the shortest form: 7 % smaller, in two minutes for a runtime. What it
// found is kept by the content's sum.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { deflateRaw, inflateRawSync } from 'node:zlib';

const byZlib = promisify(deflateRaw);
/** How often 7-Zip goes over a part to find the best codes for it. */
const PASSES = 5;
/** Below that the gain is a few kilobytes. */
const WORTH_BYTES = 100_000;

/** `content` as raw deflate. */
export function deflate(content) {
  return byZlib(content, { level: 9, memLevel: 9 });
}

/** The same, as small as it gets; `cache`: a folder for what took so long. */
export async function deflateHard(content, cache) {
  if (content.length < WORTH_BYTES) return deflate(content);
  const kept = join(cache, `${createHash('sha256').update(content).digest('hex')}-${PASSES}.deflate`);
  if (existsSync(kept)) {
    const packed = readFileSync(kept);
    if (unpacksTo(packed, content)) return packed;
  }
  const packed = await bySevenZip(content);
  if (!unpacksTo(packed, content)) throw new Error('7-Zip did not give back what it was given');
  mkdirSync(cache, { recursive: true });
  const fresh = `${kept}.${process.pid}`;
  writeFileSync(fresh, packed);
  renameSync(fresh, kept);
  return packed;
}

function unpacksTo(packed, content) {
  try {
    return inflateRawSync(packed).equals(content);
  } catch {
    return false;
  }
}

/** In a thread of its own: two at once take as long as one. */
function bySevenZip(content) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seven-zip.mjs', import.meta.url), {
      workerData: { content, passes: PASSES },
    });
    worker.once('message', (packed) => resolve(Buffer.from(packed)));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`7-Zip ended with ${code}`)));
  });
}
