import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainLines, plainText } from '../../src/view/plain-text.ts';

test('nothing that a terminal acts on is left, whatever comes', () => {
  const hostile = fc.stringMatching(/^[\u0000-\u00ff\u2028-\u202e\u200b\ufeff[\];?0-9A-Za-z]*$/);
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
      assert.doesNotMatch(plainText(text), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      assert.doesNotMatch(plainLines(text), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

test('plain text stays as it is', () => {
  for (const text of ['', 'Docker already uses zk://10.0.0.1:2181', 'Zürich — 東京 😀', 'a  b']) {
    assert.equal(plainText(text), text);
    assert.equal(plainLines(text), text);
  }
});

test('sequences go with all that belongs to them', () => {
  assert.equal(
    plainText('\u001b[31mred\u001b[0m \u001b]0;title\u0007x\u001b[2J\u001b[1;1Hready'),
    'red xready',
  );
  assert.equal(plainText('\u009b31mred\u001bcreset \u001bPdcs\u001b\\end'), 'redreset end');
  assert.equal(plainText('one\r\n  two\tthree'), 'one two three');
  assert.equal(plainLines('one\r\ntwo\rthree\n\tfour\u0007'), 'one\ntwo\nthree\n\tfour');
  assert.equal(plainText('gnp\u202e.exe'), 'gnp.exe');
});
