// Requests as `-v` shows them on stderr.
import type { RequestNote } from '../dcos/http.ts';

/** `GET /mesos/slaves 200 12 ms`; from `-vv` on with its query, its size, its attempt and the blotted-out login. */
export function requestLine(note: RequestNote, verbosity: number): string {
  const path = verbosity > 1 ? note.path : note.path.replace(/\?.*$/, '');
  const line = `${note.method} ${path} ${note.outcome} ${note.ms} ms`;
  if (verbosity < 2) return line;
  const parts = [
    `${note.bytes} bytes`,
    ...(note.attempt > 1 ? [`attempt ${note.attempt}`] : []),
    note.authenticated ? 'Authorization: token=***' : 'no login sent',
  ];
  return `${line}, ${parts.join(', ')}`;
}
