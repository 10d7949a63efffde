// S3: one letter to 13 districts and 277 communes; its tracking page counts all 290 in a minute.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { act, approveAndIssue, idOf, press } from './office.mjs';

const HALF_A_MEGABYTE = 500_000;
const SECONDS = 60;

export default async function (t) {
  const subject = 'Diễn tập ứng phó thiên tai toàn tỉnh';
  const officer = await t.at('chuyenvien.kgvx.phutho');
  await officer.goto(t.address('/documents/outgoing/new'));
  await officer.getByLabel('Trích yếu').fill(subject);
  await officer.locator('textarea[name=body]').fill('UBND tỉnh đề nghị các địa phương chuẩn bị diễn tập./.');
  for (const group of ['13 huyện', '277 xã']) await officer.locator('.tap', { hasText: group }).locator('input').check();
  const plan = { name: 'ke-hoach-dien-tap.pdf', mimeType: 'application/pdf', buffer: pdf(HALF_A_MEGABYTE) };
  await officer.locator('input[name=files]').setInputFiles(plan);
  const before = blobs(t);
  await press(officer, 'Trình duyệt');
  const id = idOf(officer);
  await approveAndIssue(t, subject, {
    head: 'truongphong.kgvx.phutho', clerk: 'vanthu.phutho', leader: 'phochutich.phutho',
  });

  const clerk = await t.at('vanthu.phutho');
  const until = Date.now() + SECONDS * 1000;
  const title = clerk.getByRole('heading', { level: 1 });
  do {
    assert.ok(Date.now() < until, `only "${await title.innerText()}" after ${SECONDS} s`);
    await clerk.goto(t.address(`/documents/outgoing/${id}/tracking`));
  } while ((await title.innerText()) !== '290 trên 290 nơi đã nhận');
  await t.look(clerk);
  assert.equal(blobs(t) - before, 1, 'the file stands on the disk once, however many have it');

  const commune = await t.at('vanthu.xa.caoxa');
  await act(t, commune, subject);
}

/** How many files of this size the store holds. */
function blobs(t) {
  const folder = join(t.demo.data, 'phutho', 'files');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size >= HALF_A_MEGABYTE).length;
}

/** Bytes that begin like a PDF. */
function pdf(length) {
  const bytes = Buffer.alloc(length, 0x20);
  bytes.write('%PDF-1.4\n');
  bytes.write('\n%%EOF\n', length - 7);
  return bytes;
}
