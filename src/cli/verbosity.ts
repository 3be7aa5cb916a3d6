/** How much to say: `-v` and `--verbose` count one each before a `--`, and `dcos -v calico …` comes as DCOS_VERBOSITY. */
export function verbosityOf(argv: readonly string[], fromDcos: string | undefined): number {
  const end = argv.indexOf('--');
  let count = Number.parseInt(fromDcos ?? '', 10) || 0;
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    if (word === '--verbose') count++;
    else if (/^-[a-z]*v[a-z]*$/.test(word)) count += word.split('v').length - 1;
  }
  return Math.min(2, Math.max(0, count));
}
