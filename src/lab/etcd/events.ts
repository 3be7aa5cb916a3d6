// What the store is asked and tells: nodes, events, writes and what they depend on.

export interface NodeView {
  key?: string;
  value?: string;
  dir?: true;
  expiration?: string;
  ttl?: number;
  nodes?: NodeView[];
  modifiedIndex?: number;
  createdIndex?: number;
}

export type Action =
  | 'get'
  | 'create'
  | 'set'
  | 'update'
  | 'compareAndSwap'
  | 'compareAndDelete'
  | 'delete'
  | 'expire';

export interface Event {
  action: Action;
  node: NodeView;
  prevNode?: NodeView;
}

export interface Write {
  value?: string;
  dir?: boolean;
  /** Seconds; undefined: it stays. */
  ttl?: number;
  /** A new time to live, the old value, and no event. */
  refresh?: boolean;
}

export interface Compare {
  prevValue?: string;
  prevIndex?: number;
}

/** `/a//b/` → `/a/b`. */
export function normalKey(path: string): string {
  return `/${path.split('/').filter(Boolean).join('/')}`;
}
