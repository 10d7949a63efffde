// Twenty letters at once: a packet is taken out of one agency as a file, twenty like it are handed in at another,
// the page tells how far they are, and three presses accept them all.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { press } from './office.mjs';

const LETTERS = 20;
const SECONDS = 30;

export default [
  { name: 'a packet is taken out, twenty are handed in, and twenty are accepted in 3', run: twenty },
  { name: 'without script a reload tells how far an import is', run: withoutScript },
];

async function twenty(t) {
  const packet = await takenOut(t);
  const clerk = await t.signIn('vanthu.thanhba');
  await handIn(t, clerk, variants(packet, LETTERS));
  await t.sees(clerk, `Đã đọc ${LETTERS} trên ${LETTERS} tệp`);
  await t.look(clerk);

  await clerk.goto(t.address('/'));
  const hand = t.counted(clerk);
  await hand.click(clerk.locator('.rail a', { hasText: 'Chờ tiếp nhận' }));
  await clerk.waitForURL(/kind=/);
  const n = await clerk.locator('.qrow__pick input').count();
  assert.ok(n >= LETTERS, `only ${n} letters wait`);
  await hand.click('[data-pick-all]');
  await hand.click(clerk.locator('.batch .btn--primary'));
  await t.sees(clerk, `Đã vào sổ ${n} văn bản`);
  assert.ok(hand.count <= 3, `${hand.count} presses, 3 allowed`);
  assert.equal(await clerk.locator('.rail a', { hasText: 'Chờ tiếp nhận' }).locator('[data-number]').innerText(), '0');
}

async function withoutScript(t) {
  const clerk = await t.signIn('vanthu.thanhson', 'localhost', { javaScriptEnabled: false });
  await handIn(t, clerk, [Buffer.from('<edXML>half a packet')]);
  const until = Date.now() + SECONDS * 1000;
  while ((await clerk.getByText('Đã đọc 1 trên 1 tệp').count()) === 0) {
    assert.ok(Date.now() < until, 'the packet is not read');
    await clerk.getByRole('link', { name: 'Xem lại' }).click();
  }
}

/** A document the province has issued, as its edXML packet. */
async function takenOut(t) {
  const clerk = await t.at('vanthu.phutho');
  await clerk.goto(t.address('/documents/outgoing?status=issued'));
  await clerk.locator('tr', { has: clerk.locator('a', { hasText: '/290' }) }).locator('th a').first().click();
  const button = clerk.getByRole('button', { name: 'Tải gói edXML' });
  const [download] = await Promise.all([clerk.waitForEvent('download'), button.click()]);
  assert.match(download.suggestedFilename(), /^\d+-UBND-\w+\.edxml$/);
  const packet = readFileSync(await download.path(), 'utf8');
  assert.match(packet, /^<\?xml/);
  return packet;
}

/** Packets that differ in their number, and so in what they are. */
function variants(packet, count) {
  const [, number] = packet.match(/CodeNumber>(\d+)</);
  return Array.from({ length: count }, (_, n) =>
    Buffer.from(packet.replace(`CodeNumber>${number}<`, `CodeNumber>9${100 + n}<`).replace(`,${number}/`, `,9${100 + n}/`)));
}

async function handIn(t, page, packets) {
  await page.goto(t.address('/documents/incoming/import'));
  const files = packets.map((buffer, n) => ({ name: `goi-${n + 1}.edxml`, mimeType: 'application/xml', buffer }));
  await page.locator('input[name=files]').setInputFiles(files);
  await press(page, 'Nhận tệp');
  await page.waitForURL(/import\?batch=/);
}
