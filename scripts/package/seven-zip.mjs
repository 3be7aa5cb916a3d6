// The thread of `deflateHard`: 7-Zip compiled to WebAssembly, which gives the same bytes on every machine.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const { content, passes } = workerData;
const said = [];
const sevenZip = await createRequire(import.meta.url)('7z-wasm')({
  print: () => {},
  printErr: (line) => said.push(line),
});
const stream = sevenZip.FS.open('content', 'w+');
sevenZip.FS.write(stream, content, 0, content.length);
sevenZip.FS.close(stream);
sevenZip.callMain(['a', '-tgzip', '-mx=9', '-mfb=258', `-mpass=${passes}`, '-mmt=1', 'packed.gz', 'content']);
if (said.length) throw new Error(said.join('\n'));
const gzip = sevenZip.FS.readFile('packed.gz');

// RFC 1952: ten bytes, with flag 8 a name that ends in a zero; at the end a sum and a length.
const HAS_NAME = 8;
if (gzip[3] & ~HAS_NAME) throw new Error('7-Zip wrote a header that is not known here');
const from = gzip[3] & HAS_NAME ? gzip.indexOf(0, 10) + 1 : 10;
parentPort.postMessage(gzip.slice(from, -8));
