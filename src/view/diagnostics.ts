// What came of an archive.
import type { Collected } from '../diagnostics/collect.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const NAMED = 5;

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${Math.round(bytes / 100_000) / 10} MB`;
}

export function diagnosticsText(
  { files, missing, agents, leftOut }: Collected,
  path: string,
  bytes: number,
  { width }: Terminal,
): string {
  const lines = [
    `Wrote ${path}: ${files.size} files of ${agents.length} ${agents.length === 1 ? 'agent' : 'agents'}, ${size(bytes)}`,
  ];
  if (leftOut > 0)
    lines.push(
      ...wrap(
        `${leftOut} more agents are not ready and were left out, as it holds the worst 20; --agent AGENT takes in others`,
        width,
      ),
    );
  if (missing.length > 0) lines.push(`${missing.length} could not be read; manifest.json has each with why:`);
  for (const { file, why } of missing.slice(0, NAMED))
    lines.push(...wrap(`${plainText(file)}: ${plainText(why)}`, width, '  '));
  if (missing.length > NAMED) lines.push(`  and ${missing.length - NAMED} more`);
  lines.push(
    ...wrap(
      'Tokens, credentials in URLs, private keys and values with secret names were taken out. Look through it before you hand it on',
      width,
    ),
  );
  return lines.join('\n');
}

export function diagnosticsDocument(
  { files, missing, agents, leftOut }: Collected,
  path: string,
  bytes: number,
) {
  return { file: path, bytes, files: [...files.keys()], agents, notReadyLeftOut: leftOut, missing };
}
