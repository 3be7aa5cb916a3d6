// Marathon's versions: of everything that it runs, or of a group.
import { list, object, type Shape, text } from './shape.ts';

/** Who may see nothing is told no version, or 1970 (`Timestamp.zero`), as on a Marathon that has never run anything. */
export const ROOT: Shape<{ version: string | undefined }> = {
  expects: 'a group',
  read: (json) => {
    const { version } = object(json, '');
    return { version: typeof version === 'string' && version > '2000' ? version : undefined };
  },
};

export const VERSIONS: Shape<string[]> = {
  expects: 'a list of versions',
  read: (json) => list(json, '').map((version, index) => text({ version }, 'version', `[${index}]`)),
};
