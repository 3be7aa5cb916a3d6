// A page as somebody hears it: its texts in their order, a block a line.
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const BLOCKS =
  /<\/?(?:p|h\d|tr|li|dl|dt|ul|section|table|caption|tbody|thead|div|nav|pre|footer|main|br)\b[^>]*>/g;

/** Without the head. A cell follows the one before it after ` | `; an agent of the map stands in brackets. */
export function pageText(page: string): string {
  return page
    .replace(/^.*?<body>/s, '')
    .replace(/<\/t[dh]>|<\/dt>/g, '')
    .replace(/<td\b[^>]*>|<dd>|<th scope="col">/g, ' | ')
    .replace(/<a href="#a\d+" tabindex="-1" title="([^"]*)"><\/a>/g, '[$1]')
    .replace(BLOCKS, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)
    .split('\n')
    .map((line) =>
      line
        .replace(/^ \| /, '')
        .replace(/(?: \| )+$/, '')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .join('\n')
    .concat('\n');
}
