// The name server of real hosts, asked as a resolver asks it. By which it is reached stands in test/hosts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answer, type Names } from '../../../src/lab/hosts/dns.ts';

const NAMES: Names = {
  a: { 'github.com': '10.99.0.1', 'etcd-server-1.etcd.slave.mesos': '10.99.0.11' },
  srv: { '_etcd-server._tcp.etcd.mesos': [{ host: 'etcd-server-1.etcd.slave.mesos.', port: 2380 }] },
};

function query(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([
    Buffer.from([0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels,
    Buffer.from([0, 0, type, 0, 1]),
  ]);
}

test('an address is answered, whatever the case of the name', () => {
  const reply = answer(query('GitHub.com', 1), NAMES)!;
  assert.equal(reply.readUInt16BE(0), 0x1234);
  assert.equal(reply.readUInt16BE(2) & 0x800f, 0x8000, 'a reply without an error');
  assert.equal(reply.readUInt16BE(6), 1);
  assert.deepEqual([...reply.subarray(-4)], [10, 99, 0, 1]);
});

test('a SRV record names port and host', () => {
  const reply = answer(query('_etcd-server._tcp.etcd.mesos', 33), NAMES)!;
  assert.equal(reply.readUInt16BE(6), 1);
  const data = reply.subarray(-(6 + 'etcd-server-1.etcd.slave.mesos'.length + 2));
  assert.equal(data.readUInt16BE(4), 2380);
  assert.equal(data.subarray(7, 20).toString(), 'etcd-server-1');
});

test('a name without a record of that type has none; one that is not known does not exist', () => {
  const six = answer(query('github.com', 28), NAMES)!;
  assert.deepEqual([six.readUInt16BE(2) & 15, six.readUInt16BE(6)], [0, 0]);
  const none = answer(query('_etcd-server-ssl._tcp.etcd.mesos', 33), NAMES)!;
  assert.deepEqual([none.readUInt16BE(2) & 15, none.readUInt16BE(6)], [3, 0]);
});

test('whatever comes in, it is answered or left alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const reply = answer(Buffer.from(bytes), NAMES);
      assert.ok(reply === undefined || (reply.readUInt16BE(2) & 0x8000) !== 0);
    }),
  );
});
