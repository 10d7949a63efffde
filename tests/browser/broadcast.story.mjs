// S3: one letter to 13 districts and 277 communes; its tracking page counts all 290 in a minute, and when one of
// them cannot be reached says 289 and shows that one first.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { act, approveAndIssue, idOf, lock, press } from './office.mjs';

const HALF_A_MEGABYTE = 500_000;
const SECONDS = 60;

const LOCKED = 'UBND xã Thượng Cửu';

export default [
  { name: '290 of 290', run: all },
  { name: 'one commune cannot be reached: 289 of 290, and that one on top', run: allButOne },
];

async function all(t) {
  const subject = 'Diễn tập ứng phó thiên tai toàn tỉnh';
  const before = blobs(t);
  const id = await written(t, subject, pdf(HALF_A_MEGABYTE));
  const clerk = await counted(t, id, '290 trên 290 nơi đã nhận');
  await t.look(clerk);
  // The file as it was written, and the one the agency has signed.
  const stored = blobs(t) - before;
  assert.ok(stored >= 1 && stored <= 2, `the file and its signed copy stand on the disk once each, however many have them: ${stored}`);

  const commune = await t.at('vanthu.xa.caoxa');
  await act(t, commune, subject);
}

async function allButOne(t) {
  await lock(t, LOCKED, true);
  const id = await written(t, 'Kiểm tra đường truyền của trục liên thông');
  const clerk = await counted(t, id, '289 trên 290 nơi đã nhận');
  await t.sees(clerk, `${LOCKED} chưa nhận được văn bản`);
  const first = clerk.locator('.group tbody tr').first();
  assert.match(await first.innerText(), /UBND xã Thượng Cửu[\s\S]*chưa tới/);
  await t.look(clerk);

  // The commune is open again: one press sends to it, with the same number.
  await lock(t, LOCKED, false);
  await clerk.reload();
  await press(clerk, 'Gửi lại');
  await counted(t, id, '290 trên 290 nơi đã nhận');
}

/** A letter to both groups, approved and issued. */
async function written(t, subject, plan) {
  const officer = await t.at('chuyenvien.kgvx.phutho');
  await officer.goto(t.address('/documents/outgoing/new'));
  await officer.getByLabel('Trích yếu').fill(subject);
  await officer.getByRole('textbox', { name: 'Nội dung văn bản' }).fill('UBND tỉnh đề nghị các địa phương chuẩn bị./.');
  for (const group of ['13 huyện', '277 xã']) await officer.locator('.tap', { hasText: group }).locator('input').check();
  if (plan) {
    const file = { name: 'ke-hoach-dien-tap.pdf', mimeType: 'application/pdf', buffer: plan };
    await officer.locator('input[name=files]').setInputFiles(file);
  }
  await press(officer, 'Trình duyệt');
  const id = idOf(officer);
  await approveAndIssue(t, subject, {
    head: 'truongphong.kgvx.phutho', clerk: 'vanthu.phutho', leader: 'phochutich.phutho',
  });
  return id;
}

/** The clerk's tracking page, once its heading counts what it must. */
async function counted(t, id, heading) {
  const clerk = await t.at('vanthu.phutho');
  const until = Date.now() + SECONDS * 1000;
  const title = clerk.getByRole('heading', { level: 1 });
  for (;;) {
    await clerk.goto(t.address(`/documents/outgoing/${id}/tracking`));
    const trouble = (await clerk.locator('.banner--late').count()) > 0;
    if ((await title.innerText()) === heading && (trouble || !heading.startsWith('289'))) return clerk;
    assert.ok(Date.now() < until, `only "${await title.innerText()}" after ${SECONDS} s`);
  }
}

/** How many files of this size the store holds. */
function blobs(t) {
  const folder = join(t.demo.data, 'phutho', 'files');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).size >= HALF_A_MEGABYTE).length;
}

// A whole file of about so many bytes, one empty page and a stream that nothing shows: the agency signs it when it issues.
function pdf(length) {
  const parts = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>',
    `<< /Length ${length} >>\nstream\n${' '.repeat(length)}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const places = [];
  for (const [index, part] of parts.entries()) {
    places.push(text.length);
    text += `${index + 1} 0 obj\n${part}\nendobj\n`;
  }
  const table = text.length;
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${rows}`;
  text += `trailer\n<< /Size ${parts.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
