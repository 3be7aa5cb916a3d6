// An agent's files API over the sandboxes of its tasks, as recorded.
import { posix } from 'node:path';
import { float, type LabRequest, type LabResponse, parameter, text } from '../http.ts';
import type { MesosMaster } from './master.ts';
import { jsonp } from './master-http.ts';
import { type LabTask, sandboxPath } from './task.ts';

/** At most this much a read (`MAX_READ_LENGTH` in src/files/files.cpp: 16 pages). */
const MAX_READ = 65_536;

/** `/files/read`, `/files/browse`, `/files/download` of one agent. */
export async function handleFiles(
  master: MesosMaster,
  agentId: string,
  verb: string,
  request: LabRequest,
): Promise<LabResponse> {
  const path = parameter(request, 'path');
  if (!path) return text(400, "Expecting 'path=value' in query.\n");
  const missing = verb === 'download' ? text(404, '404 Not Found.') : text(404, '');
  const place = locate(master, agentId, path);
  if (place === 'inaccessible') return text(400, `'${path}' is inaccessible.\n`);
  const running = place?.task.executor.running;
  if (!place || !running) return missing;
  const entries = await running.list(place.within);
  if (verb === 'browse') {
    if (entries) return browse(request, path, entries);
    return (await running.read(place.within)) ? jsonp(request, []) : missing;
  }
  if (entries) return text(400, `Cannot ${verb} a directory.\n`);
  if (verb === 'download') {
    const content = await running.read(place.within);
    return content ? download(place.within, content) : missing;
  }
  return read(request, () => running.read(place.within), missing);
}

/** The task and the path in its sandbox that a physical or virtual path means. */
function locate(
  master: MesosMaster,
  agentId: string,
  path: string,
): { task: LabTask; within: string } | 'inaccessible' | undefined {
  const real =
    /^\/var\/lib\/mesos\/slave\/slaves\/[^/]+\/frameworks\/[^/]+\/executors\/([^/]+)\/runs\/([^/]+)(.*)$/;
  const virtual = /^\/frameworks\/[^/]+\/executors\/([^/]+)\/runs\/(latest)(.*)$/;
  const match = real.exec(path) ?? (master.versions.virtualPaths ? virtual.exec(path) : null);
  if (!match) return undefined;
  const [, id, run, rest] = match as unknown as [string, string, string, string];
  let task: LabTask | undefined;
  for (const candidate of candidates(master, id)) {
    if (candidate.info.agentId !== agentId) continue;
    if (run !== 'latest' && run !== candidate.containerId) continue;
    if (!task || candidate.launchedAt > task.launchedAt) task = candidate;
  }
  if (!task) return undefined;
  if (path.startsWith('/var/') && !path.startsWith(sandboxPath(task).slice(0, path.indexOf('/runs/'))))
    return undefined;
  const within = posix.normalize(`.${rest || '/'}`);
  if (within.startsWith('..')) return 'inaccessible';
  return { task, within: within.replace(/\/$/, '') };
}

function* candidates(master: MesosMaster, id: string): Iterable<LabTask> {
  const live = master.task(id);
  if (live) yield live;
  for (const task of master.completed) if (task.info.id === id) yield task;
}

function browse(
  request: LabRequest,
  path: string,
  entries: { name: string; size: number; directory: boolean; mtime: number; mode: string }[],
): LabResponse {
  const sorted = entries.slice().sort((a, b) => (a.name < b.name ? -1 : 1));
  return jsonp(
    request,
    sorted.map(({ name, size, directory, mtime, mode }) => ({
      gid: 'root',
      mode,
      mtime: float(Math.floor(mtime / 1000)),
      nlink: directory ? 2 : 1,
      path: `${path.replace(/\/+$/, '')}/${name}`,
      size,
      uid: 'root',
    })),
  );
}

async function read(
  request: LabRequest,
  load: () => Promise<Uint8Array | undefined>,
  missing: LabResponse,
): Promise<LabResponse> {
  const offset = number(request, 'offset') ?? -1;
  if (typeof offset !== 'number') return offset;
  const length = number(request, 'length') ?? -1;
  if (typeof length !== 'number') return length;
  if (offset < -1) return text(400, `Negative offset provided: ${offset}.\n`);
  if (length < -1) return text(400, `Negative length provided: ${length}.\n`);
  const content = await load();
  if (!content) return missing;
  if (offset === -1) return jsonp(request, { data: '', offset: content.length });
  const most = Math.min(length === -1 ? MAX_READ : length, MAX_READ);
  const data = new TextDecoder().decode(content.subarray(offset, offset + most));
  return jsonp(request, { data, offset });
}

function number(request: LabRequest, name: string): number | LabResponse | undefined {
  const value = parameter(request, name);
  if (value === null) return undefined;
  if (/^([+-]?\d+|0x[\da-f]+)$/i.test(value)) return Number(value);
  return text(400, `Failed to parse ${name}: Failed to convert '${value}' to number.\n`);
}

function download(name: string, content: Uint8Array): LabResponse {
  const type = name.endsWith('.txt') ? 'text/plain' : 'application/octet-stream';
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename=${posix.basename(name)}`,
    },
    body: content,
  };
}
