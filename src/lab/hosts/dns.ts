// The name server of the hosts: the names that agents ask Mesos-DNS and the internet for, as far as steps need them.
import { createSocket, type Socket } from 'node:dgram';

export interface SrvTarget {
  host: string;
  port: number;
}

export interface Names {
  /** Name → IPv4 address. */
  a: Record<string, string>;
  srv: Record<string, SrvTarget[]>;
}

export interface NameServer {
  /** May be changed at any time. */
  names: Names;
  stop(): Promise<void>;
}

const TYPE = { A: 1, AAAA: 28, SRV: 33 } as const;
/** As Mesos-DNS has it. */
const TTL_SECONDS = 60;

/** Answers on UDP port 53 of one address. */
export async function startNames(address: string, names: Names): Promise<NameServer> {
  const socket: Socket = createSocket('udp4');
  const server: NameServer = {
    names,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (query, from) => {
    const reply = answer(query, server.names);
    if (reply) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port: 53, exclusive: true }, resolve);
  });
  return server;
}

/** The reply to one DNS query (RFC 1035, RFC 2782); undefined for what is no query. */
export function answer(query: Buffer, names: Names): Buffer | undefined {
  if (query.length < 17 || query.readUInt16BE(2) & 0x8000 || query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]; length; length = query[at]) {
    if (length > 63 || at + 1 + length >= query.length) return undefined;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  if (end > query.length) return undefined;
  const name = labels.join('.').toLowerCase();
  const type = query.readUInt16BE(at + 1);
  const records: Buffer[] = [];
  if (type === TYPE.A && names.a[name]) records.push(record(TYPE.A, addressBytes(names.a[name])));
  if (type === TYPE.SRV)
    for (const target of names.srv[name] ?? []) records.push(record(TYPE.SRV, srvBytes(target)));
  const known = names.a[name] !== undefined || names.srv[name] !== undefined;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  // A response, authoritative, recursion available as asked for; 3: no such name.
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (known ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

/** A resource record of the name that was asked for (a pointer to offset 12). */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function srvBytes({ host, port }: SrvTarget): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(port, 4);
  const labels = host
    .replace(/\.$/, '')
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  return Buffer.concat([head, ...labels, Buffer.from([0])]);
}
