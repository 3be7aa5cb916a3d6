// Every file of the repository that is made from something else in it, by its path.
import { bashCompletion } from '../src/cli/completion/bash.ts';
import { fishCompletion } from '../src/cli/completion/fish.ts';
import { defaultOptions } from '../src/options/defaults.ts';
import { optionsReference } from '../src/options/reference.ts';
import { optionsSchema } from '../src/options/schema.ts';
import { checksPage } from '../src/reference/checks-page.ts';
import { commandsPage } from '../src/reference/commands-page.ts';
import { errorsPage } from '../src/reference/errors-page.ts';
import { manualInstallPage } from '../src/reference/manual-install-page.ts';
import { rehearsalPage } from '../src/reference/rehearsal-page.ts';
import { hostTexts } from './host-texts.ts';
import { helpSource } from './manifest.ts';

export function generatedFiles(): Record<string, string> {
  const source = helpSource();
  const options = defaultOptions();
  return {
    'completion/bash/calico.sh': bashCompletion(source),
    'completion/fish/calico.fish': fishCompletion(source),
    'docs/checks.md': checksPage(),
    'docs/commands.md': commandsPage(source),
    'docs/errors.md': errorsPage(),
    'docs/manual-install.md': manualInstallPage(hostTexts(options), options),
    'docs/rehearsal.md': rehearsalPage(),
    'docs/options.md': optionsReference(),
    'schemas/options.json': `${JSON.stringify(optionsSchema, null, 2)}\n`,
  };
}
