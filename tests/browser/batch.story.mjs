// Twenty letters at once: a packet is taken out of one agency as a file, twenty like it are handed in at another,
// the page tells how far they are, and three presses accept them all.
import assert from 'node:assert/strict';
import { handIn, takenOut, variants } from './office.mjs';

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
