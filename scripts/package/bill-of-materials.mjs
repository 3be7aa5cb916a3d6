// The bill of materials (CycloneDX) as npm writes it, of what a zip really carries, and the same for the same content.
import { createHash } from 'node:crypto';
import { npm } from './runtimes.mjs';

// What npm knows of all packages of the lock file, asked once.
export function allMaterials(root) {
  return JSON.parse(
    npm(root, ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']),
  );
}

/** `all` (of `allMaterials`) cut down to `names`. What changes from run to run and machine to machine is left out. */
export function billOfMaterials(all, names) {
  const components = all.components
    .filter(({ group, name }) => names.has(group ? `${group}/${name}` : name))
    .sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
  const found = new Set(components.map(({ group, name }) => (group ? `${group}/${name}` : name)));
  const lacking = [...names].filter((name) => !found.has(name));
  if (lacking.length) throw new Error(`npm's bill of materials lacks ${lacking.join(', ')}`);
  const refs = new Set([all.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const bill = {
    ...all,
    serialNumber: undefined,
    metadata: { lifecycles: all.metadata.lifecycles, component: all.metadata.component },
    components,
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)).sort() }))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
  const sum = createHash('sha256').update(JSON.stringify(bill)).digest('hex');
  // A name-based UUID has a 5 and one of 8, 9, a, b in these places.
  const uuid = `${sum.slice(0, 8)}-${sum.slice(8, 12)}-5${sum.slice(13, 16)}-a${sum.slice(17, 20)}-${sum.slice(20, 32)}`;
  return `${JSON.stringify({ ...bill, serialNumber: `urn:uuid:${uuid}` }, null, 2)}\n`;
}
