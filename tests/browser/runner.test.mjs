// The story runner must tell failure from success: checked on a stand-in for the province.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const here = import.meta.dirname;
const target = mkdtempSync(join(tmpdir(), 'vanlang-runner-'));
after(() => rmSync(target, { recursive: true }));

function run(program, ...words) {
  const env = { ...process.env, VANLANG_TARGET: target, VANLANG_BIN: program };
  const ran = spawnSync(process.execPath, [join(here, 'run.mjs'), '--stories', join(here, 'fixtures/stories'), ...words], {
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { ...ran, closing: ran.stdout.trimEnd().split('\n').at(-1) };
}

const province = join(here, 'fixtures/province.mjs');

test('a good story passes', () => {
  const { status, closing, stdout } = run(province, 'good');
  assert.equal(closing, '1 passed, 0 failed', stdout);
  assert.equal(status, 0);
});

test('missing texts, barriers and script errors are failures, and the other stories still run', () => {
  const { status, closing, stdout } = run(province);
  assert.equal(closing, '1 passed, 3 failed', stdout);
  assert.equal(status, 1);
  assert.match(stdout, /image-alt/);
  assert.match(stdout, /noSuchThing/);
  assert.match(stdout, /"Không ai viết câu này" is not on/);
});

test('a failed story leaves a picture and the page', () => {
  run(province, 'barrier');
  const kept = readdirSync(join(target, 'browser-failures')).filter((file) => file.startsWith('barrier'));
  assert.deepEqual(kept.sort(), ['barrier-1.html', 'barrier-1.png']);
});

test('a province that does not start is an error, not an empty success', () => {
  const { status, closing, stderr } = run('/bin/false');
  assert.notEqual(status, 0);
  assert.doesNotMatch(closing, /passed/);
  assert.match(stderr, /the demonstration ended/);
  assert.ok(!existsSync(join(target, 'screenshots')));
});
