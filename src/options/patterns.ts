// The shapes of strings, as regular expressions that JSON Schema and Node both read (with the flag `u`). They are narrow on
// purpose: what reaches an agent is checked here first. None has nested repetition, so none can be made to run for long.

const HOST = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}\\])';
const HOST_PORT = `${HOST}:[0-9]{1,5}`;
const CLIENT_URL = `https?://${HOST_PORT}/?`;
const DOCKER_NAME = '[a-z0-9]+(?:[._-]{1,3}[a-z0-9]+)*';

export const EMPTY_OR = (pattern: string): string => `^(?:|${pattern})$`;
export const WHOLE = (pattern: string): string => `^(?:${pattern})$`;

/** An etcd client URL. Its port is always said: without one, etcd's clients take 80. */
export const clientUrl = CLIENT_URL;
export const clientUrls = `${CLIENT_URL}(?:,${CLIENT_URL})*`;
/** `etcd://`, `zk://` or `consul://`, hosts with ports, and perhaps a path. */
export const clusterStore = `(?:etcd|zk|consul)://${HOST_PORT}(?:,${HOST_PORT})*(?:/[A-Za-z0-9._-]+)*/?`;
/** A URL to fetch from: no user, no query, no fragment; its last part names a file. */
export const fileUrl = `https?://${HOST}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~+%@=:-]+)+`;
export const baseUrl = `https?://${HOST}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~+%@=:-]+)*/?`;
/** An absolute path without `.` and `..`. */
export const absolutePath = '(?!.*/\\.{1,2}(?:/|$))(?:/[A-Za-z0-9._@+-]+)+/?';
/** An image: registry and port, name, tag, digest. */
export const image = `(?:${HOST}(?::[0-9]{1,5})?/)?${DOCKER_NAME}(?:/${DOCKER_NAME})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?`;
export const sha256 = '[0-9a-f]{64}';
export const domain = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?';
/** An agent as Mesos names it: on DC/OS its address. */
export const agent = '[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,62}[A-Za-z0-9])?';
export const percentage = '(?:100|[1-9]?[0-9])%';
export const percentageAboveZero = '(?:100|[1-9][0-9]?)%';
export const ipv4Cidr = '(?:[0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}';
/** IPv4 or IPv6; whether it is a real one is looked at afterwards. */
export const address = '(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9A-Fa-f:.]{2,45}';
export const networkName = '[A-Za-z0-9][A-Za-z0-9_.-]{0,62}';
/** An interface (Linux: at most 15 characters), or one of calico/node's autodetection methods. */
export const interfaceMethod = `first-found|[A-Za-z0-9_.:-]{1,15}|interface=[A-Za-z0-9_.:*+?|()^$,{}\\[\\]-]{1,64}|can-reach=${HOST}`;
