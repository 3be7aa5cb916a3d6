// etcd's v2 store in memory: a tree of keys with indices, times to live and watches (etcd 3.4 etcdserver/api/v2store).
import type { Clock, Timer } from '../clock.ts';
import { CODE, EtcdError } from './errors.ts';
import { type Action, type Compare, type Event, type NodeView, normalKey, type Write } from './events.ts';
import { Watches } from './watches.ts';

interface Entry {
  key: string;
  value: string;
  children: Map<string, Entry> | undefined;
  created: number;
  modified: number;
  /** Milliseconds since 1970; undefined: it stays. */
  expires: number | undefined;
}

export class EtcdStore {
  readonly #clock: Clock;
  /** A new cluster has written its members before the first client comes. */
  index = 3;
  readonly #root: Entry;
  readonly #watches = new Watches();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#root = { key: '/', value: '', children: new Map(), created: 0, modified: 0, expires: undefined };
  }

  #fail(code: number, cause: string): EtcdError {
    return new EtcdError(code, cause, this.index);
  }

  #find(key: string): Entry {
    let entry = this.#root;
    for (const name of key.split('/').filter(Boolean)) {
      if (!entry.children) throw this.#fail(CODE.notADirectory, entry.key);
      const path = entry.key === '/' ? `/${name}` : `${entry.key}/${name}`;
      const child = entry.children.get(name);
      // The cause is the first part of the path that is missing, not the whole key.
      if (!child) throw this.#fail(CODE.keyNotFound, path);
      entry = child;
    }
    return entry;
  }

  #lookUp(key: string): Entry | undefined {
    try {
      return this.#find(key);
    } catch {
      return undefined;
    }
  }

  #view(entry: Entry): NodeView {
    const view: NodeView = {};
    if (entry.key !== '/') view.key = entry.key;
    if (entry.children) view.dir = true;
    else view.value = entry.value;
    if (entry.expires !== undefined) {
      // Nanoseconds, as Go prints them: without trailing zeros.
      view.expiration = new Date(entry.expires).toISOString().replace(/\.?0*Z$/, 'Z');
      view.ttl = Math.ceil((entry.expires - this.#clock.now()) / 1000);
    }
    if (entry.modified) view.modifiedIndex = entry.modified;
    if (entry.created) view.createdIndex = entry.created;
    return view;
  }

  #tree(entry: Entry, recursive: boolean, sorted: boolean, depth = 0): NodeView {
    const view = this.#view(entry);
    if (!entry.children || (depth > 0 && !recursive)) return view;
    // Names that begin with an underscore are hidden from listings.
    const children = [...entry.children.entries()].filter(([name]) => !name.startsWith('_'));
    if (sorted) children.sort(([a], [b]) => (a < b ? -1 : 1));
    if (!children.length) return view;
    const nodes = children.map(([, child]) => this.#tree(child, recursive, sorted, depth + 1));
    const { modifiedIndex, createdIndex, ...rest } = view;
    return {
      ...rest,
      nodes,
      ...(modifiedIndex && { modifiedIndex }),
      ...(createdIndex && { createdIndex }),
    };
  }

  get(key: string, options: { recursive?: boolean; sorted?: boolean } = {}): Event {
    this.expire();
    const node = this.#tree(this.#find(normalKey(key)), options.recursive ?? false, options.sorted ?? false);
    return { action: 'get', node };
  }

  /** Directories on the way to a key, made where they are missing. */
  #parent(key: string, index: number): Map<string, Entry> {
    let entry = this.#root;
    for (const name of key.split('/').filter(Boolean).slice(0, -1)) {
      const path = entry.key === '/' ? `/${name}` : `${entry.key}/${name}`;
      let child = entry.children!.get(name);
      if (!child) {
        child = {
          key: path,
          value: '',
          children: new Map(),
          created: index,
          modified: index,
          expires: undefined,
        };
        entry.children!.set(name, child);
      }
      if (!child.children) throw this.#fail(CODE.notADirectory, child.key);
      entry = child;
    }
    return entry.children!;
  }

  #expiry(ttl: number | undefined): number | undefined {
    return ttl === undefined ? undefined : this.#clock.now() + ttl * 1000;
  }

  #put(action: Action, key: string, write: Write, replace: boolean): Event {
    if (key === '/') throw this.#fail(CODE.rootReadOnly, '/');
    const index = this.index + 1;
    const before = this.#lookUp(key);
    if (before && !replace) throw this.#fail(CODE.keyExists, key);
    if (before?.children) throw this.#fail(CODE.notAFile, key);
    const parent = this.#parent(key, index);
    const prevNode = before && this.#view(before);
    const entry: Entry = {
      key,
      value: write.dir ? '' : (write.value ?? ''),
      children: write.dir ? new Map() : undefined,
      created: index,
      modified: index,
      expires: this.#expiry(write.ttl),
    };
    parent.set(key.slice(key.lastIndexOf('/') + 1), entry);
    this.index = index;
    return this.#tell({ action, node: this.#view(entry), ...(prevNode && { prevNode }) });
  }

  set(key: string, write: Write): Event {
    this.expire();
    return this.#put('set', normalKey(key), write, true);
  }

  /** `unique`: a new key in order below `key`, as POST makes it. */
  create(key: string, write: Write, unique = false): Event {
    this.expire();
    const name = unique ? `${normalKey(key)}/${String(this.index + 1).padStart(20, '0')}` : key;
    return this.#put('create', normalKey(name), write, false);
  }

  #change(action: Action, entry: Entry, write: Write): Event {
    const prevNode = this.#view(entry);
    const index = this.index + 1;
    if (!entry.children && !write.refresh) entry.value = write.value ?? '';
    if (!write.refresh) entry.modified = index;
    entry.expires = this.#expiry(write.ttl);
    this.index = index;
    const event: Event = { action, node: this.#view(entry), prevNode };
    this.#schedule();
    return write.refresh ? event : this.#tell(event);
  }

  update(key: string, write: Write): Event {
    this.expire();
    const name = normalKey(key);
    if (name === '/') throw this.#fail(CODE.rootReadOnly, '/');
    const entry = this.#find(name);
    if (entry.children && write.value) throw this.#fail(CODE.notAFile, name);
    return this.#change('update', entry, write);
  }

  #compare(entry: Entry, { prevValue, prevIndex }: Compare): void {
    const value = !prevValue || entry.value === prevValue;
    const index = !prevIndex || entry.modified === prevIndex;
    if (value && index) return;
    const causes = [
      ...(value ? [] : [`[${prevValue} != ${entry.value}]`]),
      ...(index ? [] : [`[${prevIndex} != ${entry.modified}]`]),
    ];
    throw this.#fail(CODE.compareFailed, causes.join(' '));
  }

  compareAndSwap(key: string, compare: Compare, write: Write): Event {
    this.expire();
    const name = normalKey(key);
    if (name === '/') throw this.#fail(CODE.rootReadOnly, '/');
    const entry = this.#find(name);
    if (entry.children) throw this.#fail(CODE.notAFile, name);
    this.#compare(entry, compare);
    return this.#change('compareAndSwap', entry, write);
  }

  #drop(action: Action, entry: Entry): Event {
    const prevNode = this.#view(entry);
    const parent = this.#find(entry.key.slice(0, entry.key.lastIndexOf('/')) || '/');
    parent.children!.delete(entry.key.slice(entry.key.lastIndexOf('/') + 1));
    this.index++;
    const node: NodeView = { key: entry.key };
    if (entry.children) node.dir = true;
    node.modifiedIndex = this.index;
    node.createdIndex = entry.created;
    return this.#tell({ action, node, prevNode });
  }

  delete(key: string, options: { dir?: boolean; recursive?: boolean } = {}): Event {
    this.expire();
    const name = normalKey(key);
    if (name === '/') throw this.#fail(CODE.rootReadOnly, '/');
    const entry = this.#find(name);
    if (entry.children) {
      if (!options.dir && !options.recursive) throw this.#fail(CODE.notAFile, name);
      if (entry.children.size && !options.recursive) throw this.#fail(CODE.directoryNotEmpty, name);
    }
    return this.#drop('delete', entry);
  }

  compareAndDelete(key: string, compare: Compare): Event {
    this.expire();
    const name = normalKey(key);
    const entry = this.#find(name);
    if (entry.children) throw this.#fail(CODE.notAFile, name);
    this.#compare(entry, compare);
    return this.#drop('compareAndDelete', entry);
  }

  #expired(entry: Entry, now: number, found: Entry[]): void {
    for (const child of entry.children?.values() ?? []) {
      if (child.expires !== undefined && child.expires <= now) found.push(child);
      else this.#expired(child, now, found);
    }
  }

  /** Takes out what is past its time; each key is an event of its own. */
  expire(): void {
    const found: Entry[] = [];
    this.#expired(this.#root, this.#clock.now(), found);
    found.sort((a, b) => a.expires! - b.expires!);
    for (const entry of found) this.#drop('expire', entry);
  }

  /** Lets watches hear of an expiry that nobody asks for. */
  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!this.#watches.size) return;
    let next = Number.POSITIVE_INFINITY;
    const walk = (entry: Entry): void => {
      if (entry.expires !== undefined) next = Math.min(next, entry.expires);
      for (const child of entry.children?.values() ?? []) walk(child);
    };
    walk(this.#root);
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(next - this.#clock.now(), () => {
      this.expire();
      this.#schedule();
    });
  }

  #tell(event: Event): Event {
    this.#watches.tell(this.index, event);
    this.#schedule();
    return event;
  }

  /**
   * Calls back for each event at or below a key, from `since` on (0: from now on). Returns how to end it. Throws
   * `EtcdError` 401 where the history does not reach back so far.
   */
  watch(
    key: string,
    options: { recursive?: boolean; since?: number },
    notify: (event: Event) => void,
  ): () => void {
    const watch = { key: normalKey(key), recursive: options.recursive ?? false, notify };
    const end = this.#watches.add(watch, options.since ?? 0, this.index);
    this.#schedule();
    return end;
  }

  /** How many watches wait. */
  get watched(): number {
    return this.#watches.size;
  }

  /** Ends its timer. */
  close(): void {
    this.#timer?.cancel();
    this.#watches.clear();
  }
}
