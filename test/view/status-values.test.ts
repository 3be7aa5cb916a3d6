// What the steps report, as `status AGENT` shows it.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { valueLines } from '../../src/view/status-values.ts';

suite('reported values', () => {
  test('words and numbers as they are, nothing as none', () => {
    assert.deepEqual(valueLines('answer', 200), ['answer: 200']);
    assert.deepEqual(valueLines('cluster-store', ''), ['cluster-store: none']);
    assert.deepEqual(valueLines('pools', ['192.168.0.0/16']), ['pools: 192.168.0.0/16']);
    assert.deepEqual(valueLines('pending', []), ['pending: none']);
  });

  test('files with the sum that an operator can pin', () => {
    const lines = valueLines('artifacts', {
      etcd: { url: 'https://example.org/etcd', sha256: 'dde9', checked: 'not: the options have no sum' },
      calico: { url: 'https://example.org/calico', sha256: '3728', checked: 'against the options' },
    });
    assert.deepEqual(lines, [
      'file etcd: https://example.org/etcd',
      'SHA-256 dde9, not checked: the options have no sum',
      'file calico: https://example.org/calico',
      'SHA-256 3728, checked against the options',
    ]);
  });

  test('containers, Felix and BGP as a sentence', () => {
    const started = '2026-11-25T00:09:24.214000000Z';
    assert.deepEqual(valueLines('container', { image: 'quay.io/calico/node:v2.6.12', started }), [
      'container: quay.io/calico/node:v2.6.12, started 2026-11-25 00:09:24 UTC',
    ]);
    assert.deepEqual(
      valueLines('felix', { first_update: false, time: '2026-11-25T00:10:23Z', uptime: 60.073 }),
      ['felix: up for 60 s at its last report, 2026-11-25 00:10:23 UTC'],
    );
    assert.deepEqual(valueLines('bgp', { up: 5, of: 5, down: [] }), ['bgp: 5 of 5 sessions up']);
    assert.deepEqual(valueLines('bgp', { up: 1, of: 2, down: ['10.0.1.12'] }), [
      'bgp: 1 of 2 sessions up, down: 10.0.1.12',
    ]);
  });

  test('what a step would do, a line for each thing', () => {
    assert.deepEqual(valueLines('would', ['fetch etcd', 'have Docker reload']), [
      'would fetch etcd',
      'would have Docker reload',
    ]);
  });

  test('other objects: on one line, or a line for each entry; JSON in an answer is read', () => {
    assert.deepEqual(valueLines('socket', '{"Implements": ["NetworkDriver"]}'), [
      'socket: Implements NetworkDriver',
    ]);
    assert.deepEqual(valueLines('socket', '{"broken'), ['socket: {"broken']);
    const flags = {
      MESOS_NETWORK_CNI_CONFIG_DIR: '/opt/mesosphere/etc/dcos/network/cni',
      MESOS_NETWORK_CNI_PLUGINS_DIR: '/opt/mesosphere/active/cni/',
    };
    assert.deepEqual(valueLines('agent flags', flags), [
      'agent flags: MESOS_NETWORK_CNI_CONFIG_DIR /opt/mesosphere/etc/dcos/network/cni',
      'agent flags: MESOS_NETWORK_CNI_PLUGINS_DIR /opt/mesosphere/active/cni/',
    ]);
  });

  test('a shape that no step has today is shown all the same, without control characters', () => {
    assert.deepEqual(valueLines('bgp', 'unknown'), ['bgp: unknown']);
    assert.deepEqual(valueLines('artifacts', { etcd: 'gone\u001b[2J' }), ['file etcd: gone']);
    assert.deepEqual(valueLines('container', { image: null }), ['container: image none']);
    assert.deepEqual(valueLines('would', 'nothing'), ['would: nothing']);
  });
});
