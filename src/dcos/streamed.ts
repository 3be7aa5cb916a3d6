// Takes an answer while it comes (src/dcos/long-lists.ts). axios hands its body on as a stream and looks no further: that it ends, in
// time and within its bounds, is seen to here, with the words that axios has for the same.
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { AxiosResponse } from 'axios';
import { type Answer, decoded, headed, isJsonAnswer } from './answer.ts';
import { LongListReader, type LongLists } from './long-lists.ts';

export interface Bounds {
  idleMs: number;
  maxBytes: number;
}

/** The answer and how many bytes its body had. Rejects with what went wrong on the way, or BadJson. */
export function streamed(
  response: AxiosResponse<Readable>,
  lists: LongLists,
  { idleMs, maxBytes }: Bounds,
): Promise<{ answer: Answer; bytes: number }> {
  const body = response.data;
  const answer = headed(response);
  const reader = isJsonAnswer(answer) && answer.status < 300 ? new LongListReader(lists) : undefined;
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  let text = '';
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error.message === 'aborted' ? new Error('stream has been aborted') : error);
      body.destroy();
    };
    const timer = setTimeout(() => fail(new Error(`timeout of ${idleMs}ms exceeded`)), idleMs);
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        fail(error as Error);
      }
    };
    body.on('data', (chunk: Buffer) =>
      attempt(() => {
        timer.refresh();
        bytes += chunk.length;
        if (bytes > maxBytes) throw new Error(`maxContentLength size of ${maxBytes} exceeded`);
        const piece = decoder.write(chunk);
        if (reader) reader.write(piece);
        else text += piece;
      }),
    );
    body.on('error', fail);
    body.on('close', () => fail(new Error('stream has been aborted')));
    body.on('end', () =>
      attempt(() => {
        clearTimeout(timer);
        if (!reader || bytes === 0) resolve({ answer: decoded({ ...response, data: text }), bytes });
        else resolve({ answer: { ...answer, isJson: true, json: reader.end() }, bytes });
      }),
    );
  });
}
