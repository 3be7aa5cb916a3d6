// A terminal's lines as a picture: text that stays text, in light and in dark, whatever the page around it is like.

const SIZE = 14;
/** Of all common fixed-width fonts a character is about 0.6 of their size wide; each piece of text is put where it belongs. */
const WIDTH = 8.43;
const HEIGHT = 19;
const EDGE = 16;
const BAR = 26;

/** What SGR codes are called in the picture. */
const CLASSES: Record<string, string> = {
  '1': 'b',
  '2': 'd',
  '4': 'u',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '34': 'blue',
  '36': 'cyan',
  '90': 'd',
};

const STYLE = `
.w{fill:#fbfcfd;stroke:#d0d7de}.l,.o{fill:#d0d7de}
text{font:${SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;fill:#1b1f24;white-space:pre}
.b{font-weight:600}.u{text-decoration:underline}.d{fill:#57606a}.red{fill:#b3261e}.green{fill:#1a7f37}.yellow{fill:#7d5200}.blue{fill:#0757b5}.cyan{fill:#0a6b7a}
@media (prefers-color-scheme:dark){.w{fill:#0d1117;stroke:#30363d}.l,.o{fill:#30363d}text{fill:#e6edf3}.d{fill:#9da7b1}.red{fill:#ff8a80}.green{fill:#4ac26b}.yellow{fill:#e3b341}.blue{fill:#6cb6ff}.cyan{fill:#56d4dd}}
`.trim();

interface Piece {
  text: string;
  column: number;
  classes: string[];
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string) => text.replace(/[&<>]/g, (character) => ESCAPES[character]!);
const rounded = (number: number) => Math.round(number * 100) / 100;

/** Runs of one style. Throws for a code that has no colour here. */
function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = [];
  let classes: string[] = [];
  let column = 0;
  for (const [, codes, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (text !== undefined) {
      pieces.push({ text, column, classes });
      column += [...text].length;
      continue;
    }
    classes = (codes || '0')
      .split(';')
      .filter((code) => code !== '0' && code !== '')
      .map((code) => {
        const name = CLASSES[code];
        if (!name) throw new Error(`no colour for the code ${code} in ${JSON.stringify(line)}`);
        return name;
      });
  }
  return pieces;
}

function pieceMarkup({ text, column, classes }: Piece): string {
  const indent = text.length - text.trimStart().length;
  const x = rounded(EDGE + (column + indent) * WIDTH);
  const style = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
  return text.trim() === '' ? '' : `<tspan x="${x}"${style}>${escaped(text.trim())}</tspan>`;
}

/** @param lines with colours as escape sequences */
export function terminalSvg(title: string, lines: readonly string[]): string {
  const all = lines.map(piecesOf);
  const columns = Math.max(
    60,
    ...all.map((pieces) => Math.max(0, ...pieces.map(({ text, column }) => column + [...text].length))),
  );
  const width = Math.ceil(2 * EDGE + columns * WIDTH);
  const height = BAR + 2 * EDGE + lines.length * HEIGHT;
  const rows = all.map((pieces, index) => {
    const y = BAR + EDGE + (index + 1) * HEIGHT - 5;
    return `<text y="${y}">${pieces.map(pieceMarkup).join('')}</text>`;
  });
  const dots = [0, 1, 2].map(
    (dot) => `<circle class="o" cx="${EDGE + 4 + dot * 16}" cy="${BAR / 2 + 1}" r="4.5"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">
<title id="t">${escaped(title)}</title>
<style>${STYLE}</style>
<rect class="w" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="7"/>
${dots.join('')}
<rect class="l" y="${BAR}" width="${width}" height="1"/>
${rows.join('\n')}
</svg>
`;
}

/** The lines of such a picture, without colours; what stands apart is apart by a space. */
export function textOfSvg(svg: string): string[] {
  return [...svg.matchAll(/<text y="[\d.]+">(.*?)<\/text>/g)].map(([, row]) =>
    [...row!.matchAll(/<tspan[^>]*>([^<]*)<\/tspan>/g)]
      .map(([, text]) => text!.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&'))
      .join(' '),
  );
}
