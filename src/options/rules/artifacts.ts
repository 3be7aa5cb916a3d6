// Files that agents fetch.
import { endpoints, fileName } from '../addresses.ts';
import type { OptionProblem } from '../problems.ts';
import type { Options } from '../types.ts';
import { contradiction, is, type Rule, the, warning } from './context.ts';

const NAMES = ['etcd', 'calico', 'calico-ipam', 'calicoctl'] as const;
const urlOf = (name: string): string => `artifacts.${name}.url`;

/** Those that a step fetches, as the options stand. */
function fetched({ etcd, cni }: Options): (typeof NAMES)[number][] {
  return NAMES.filter((name) => {
    if (name === 'etcd') return etcd['run-proxy'];
    return name !== 'calicoctl' && cni.enable;
  });
}

export const artifactRules: Rule = ({ options }) => {
  const { artifacts } = options;
  const problems: OptionProblem[] = [];
  const wrong = (path: string, what: string, remedy?: string): void => {
    problems.push({ level: 'error', code: 'not-allowed', path, what, ...(remedy && { remedy }) });
  };
  for (const name of fetched(options)) {
    const { url } = artifacts[name];
    const path = urlOf(name);
    const port = endpoints(url)[0]?.port;
    if (port !== undefined && (port < 1 || port > 65535))
      wrong(path, `${is(options, path)}: ${port} is not a port`);
    if (/^https:\/\/github\.com\/[^/]+\/[^/]+\/(?:releases\/tag|blob|tree)\//.test(url)) {
      wrong(
        path,
        `${the(options, path)} is a page about the file, not the file`,
        'Take the address of the download itself',
      );
    }
  }
  if (options.etcd['run-proxy']) problems.push(...etcdRules(options));
  if (options.cni.enable) problems.push(...pluginRules(options));
  const byName = new Map<string, string>();
  for (const name of fetched(options)) {
    const file = fileName(artifacts[name].url);
    const other = byName.get(file);
    if (other && artifacts.mirrors.length > 0) {
      problems.push(
        contradiction({
          at: [urlOf(name), urlOf(other), 'artifacts.mirrors'],
          what: `${urlOf(other)} and ${urlOf(name)} both end in ${file}, but each of artifacts.mirrors has one file of a name`,
          remedy: 'Name the files differently, or leave artifacts.mirrors out',
        }),
      );
    }
    byName.set(file, name);
  }
  return problems;
};

function etcdRules(options: Options): OptionProblem[] {
  const path = urlOf('etcd');
  const file = fileName(options.artifacts.etcd.url);
  const version = /^etcd-v(\d+)\.(\d+)/.exec(file)?.slice(1).map(Number);
  if (version && (version[0]! > 3 || (version[0] === 3 && version[1]! >= 6))) {
    return [
      contradiction({
        at: [path, 'etcd.run-proxy'],
        what: `${is(options, path)}, but ${is(options, 'etcd.run-proxy')} and etcd has no v2 proxy from 3.6 on`,
        remedy:
          'Take etcd 3.5 or older for the proxy. The cluster that it forwards to may be another version',
      }),
    ];
  }
  if (/darwin|windows/.test(file) || /\.zip$/.test(file)) {
    return [
      {
        level: 'error',
        code: 'not-allowed',
        path,
        what: `${the(options, path)} is not for Linux`,
        remedy: 'Take the file that ends in linux-amd64.tar.gz',
      },
    ];
  }
  return [];
}

function pluginRules(options: Options): OptionProblem[] {
  const { calico, 'calico-ipam': ipam } = options.artifacts;
  const at = [urlOf('calico'), urlOf('calico-ipam')];
  if (calico.url === ipam.url || (/ipam/.test(fileName(calico.url)) && !/ipam/.test(fileName(ipam.url)))) {
    return [
      contradiction({
        at,
        what: `${is(options, at[0]!)} and ${is(options, at[1]!)}: these are two plugins, and calico-ipam is the one for the latter`,
        remedy: 'Name each of them its own file',
      }),
    ];
  }
  const version = (url: string): string | undefined => /\/(v\d+\.\d+\.\d+)\//.exec(url)?.[1];
  const [a, b] = [version(calico.url), version(ipam.url)];
  if (a && b && a !== b) {
    return [
      warning('mixed-versions', {
        at,
        what: `artifacts.calico is ${a} and artifacts.calico-ipam is ${b}: the two plugins belong to one release`,
      }),
    ];
  }
  return [];
}

export const sumRules: Rule = ({ options }) => {
  const { artifacts } = options;
  const problems: OptionProblem[] = [];
  const names = fetched(options);
  for (const [index, name] of names.entries()) {
    const { sha256, url } = artifacts[name];
    const twin = names
      .slice(0, index)
      .find((other) => artifacts[other].sha256 === sha256 && artifacts[other].url !== url);
    if (sha256 !== '' && twin) {
      problems.push(
        contradiction({
          at: [`artifacts.${name}.sha256`, `artifacts.${twin}.sha256`],
          what: `artifacts.${twin}.sha256 and artifacts.${name}.sha256 are the same, but they are sums of different files`,
          remedy: 'Measure each file',
        }),
      );
    }
  }
  const open = names.filter((name) => artifacts[name].sha256 === '');
  const plain = open.filter((name) => artifacts[name].url.startsWith('http://'));
  const plainMirror = artifacts.mirrors.find((url) => url.startsWith('http://'));
  const at = open.map((name) => `artifacts.${name}.sha256`);
  if (plainMirror ? open.length > 0 : plain.length > 0) {
    const sums = plainMirror ? at : plain.map((name) => `artifacts.${name}.sha256`);
    problems.push(
      warning('not-proven', {
        at: [...sums, plainMirror ? 'artifacts.mirrors' : urlOf(plain[0]!)],
        what: `${sums.join(', ')} ${sums.length > 1 ? 'are' : 'is'} empty and the download is plain http://: nothing proves that agents run the right file`,
        remedy: 'Measure the files (sha256sum) and write the sums down',
      }),
    );
  }
  return problems;
};
