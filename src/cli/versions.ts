/** What `--version` prints: all that a support case asks for about this machine. */
export function versionsText(version: string, env: Record<string, string | undefined>): string {
  const rows = [
    ['dcos calico', version],
    ...(env.DCOS_CLI_VERSION ? [['dcos', env.DCOS_CLI_VERSION]] : []),
    ['Node.js', process.versions.node],
    ['system', `${process.platform} ${process.arch}`],
  ];
  return rows.map(([name, value]) => `${name!.padEnd(11)}  ${value}\n`).join('');
}
