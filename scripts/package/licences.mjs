// The licences of everything that a zip carries, in one text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function licenceOf(root, { path, name }) {
  const folder = join(root, path);
  const { version, license, licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort();
  const said = license?.type ?? license ?? licenses?.map(({ type }) => type).join(', ');
  if (!said && !files.length) throw new Error(`${name} says nothing of its licence`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [
    `${name} ${version}: ${said}`,
    '',
    texts.join('\n\n') || '(The package has no licence text of its own.)',
  ];
}

/** The whole text; `node` is `{version, licence}` of the runtime. */
export function licences(root, packages, node) {
  const own = existsSync(join(root, 'LICENSE')) ? readFileSync(join(root, 'LICENSE'), 'utf8').trim() : '';
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `${[
    ['dcos-calico', '', own],
    ...packages.map((one) => licenceOf(root, one)),
    [`Node.js ${node.version}`, '', node.licence.trim()],
  ]
    .map((lines) => lines.join('\n'))
    .join(rule)}\n`;
}
