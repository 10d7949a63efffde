// Paper: a scan is chosen, read and registered in four presses; pages of a telephone are put in order before they are
// sent; marks on what the machine is not sure of go when somebody has looked; and all of it without JavaScript.
import assert from 'node:assert/strict';
import { scanned } from './office.mjs';

async function register(t) {
  const page = await t.signIn('vanthu.phutho');
  const hand = t.counted(page);
  await hand.click(page.locator('.rail a', { hasText: 'Quét văn bản giấy' }));
  await page.waitForURL(/\/scan$/);
  await t.look(page);
  const choosing = page.waitForEvent('filechooser');
  await hand.click(page.locator('.pages .field input[type=file]'));
  await (await choosing).setFiles(scanned(742, 'rà soát đất bãi bồi ven sông').one);
  await hand.click(page.getByRole('button', { name: 'Đọc bản quét' }));
  await page.waitForURL(/\/scan\/[0-9a-f-]{36}$/);
  // The page asks for itself again until it is read.
  await page.locator('#paper').waitFor();
  const values = {
    'Cơ quan ban hành': 'Sở Tài nguyên và Môi trường', 'Số, ký hiệu': '742/STNMT-VP', 'Ngày ban hành': '05/03/2017',
    'Trích yếu': 'Rà soát đất bãi bồi ven sông', 'Người ký': 'Hà Văn Chiến', 'Chức vụ người ký': 'Phó Giám đốc',
  };
  for (const [label, value] of Object.entries(values)) {
    const field = page.locator('#paper .field', { hasText: label }).first().locator('input, textarea');
    assert.equal((await field.inputValue()).trim(), value, label);
  }
  await t.look(page);
  await t.shot(page, 'capture-read');
  await hand.click(page.locator('#paper').getByRole('button', { name: 'Vào sổ & trình' }));
  await t.sees(page, /Đã vào sổ số đến \d+: 742\/STNMT-VP/);
  assert.ok(hand.count <= 4, `${hand.count} presses, 4 allowed`);
}

async function order(t) {
  const page = await t.signIn('vanthu.lamthao');
  await page.goto(t.address('/documents/incoming/scan'));
  const { one, other } = scanned(743, 'cấp giấy chứng nhận');
  const chosen = page.locator('.pages .field input[type=file]');
  await chosen.setInputFiles([one, other]);
  const list = page.locator('[data-pages-list]');
  const names = async () => (await list.locator('li span').allInnerTexts()).map((text) => text.trim());
  assert.deepEqual(await names(), ['Trang 1: trang 1.jpg', 'Trang 2: trang 2.jpg']);
  await list.getByRole('button', { name: 'Đưa lên: Trang 2' }).click();
  assert.deepEqual(await names(), ['Trang 1: trang 2.jpg', 'Trang 2: trang 1.jpg']);
  // One more from the camera, and out again.
  await page.locator('[data-pages-camera] input').setInputFiles({ ...one, name: 'chụp.jpg' });
  await list.locator('li').nth(2).waitFor();
  assert.equal((await names()).length, 3);
  await t.axe(page);
  await list.getByRole('button', { name: 'Bỏ: Trang 3' }).click();
  assert.deepEqual(await chosen.evaluate((input) => [...input.files].map((file) => file.name)), ['trang 2.jpg', 'trang 1.jpg']);
}

async function marks(t) {
  const page = await t.signIn('vanthu.xa.caoxa');
  await page.goto(t.address('/documents/incoming/scan'));
  // The number is still to be written by hand, as on paper that was stamped in a hurry.
  const letter = scanned(null, 'một việc').one;
  await page.locator('.pages .field input[type=file]').setInputFiles(letter);
  await page.getByRole('button', { name: 'Đọc bản quét' }).click();
  await page.locator('#paper').waitFor();
  const doubt = page.locator('[data-doubt]', { hasText: 'Số, ký hiệu' });
  const symbol = page.locator('#f-symbol');
  const hint = await symbol.getAttribute('aria-describedby');
  assert.match(await page.locator(`#${hint}`).innerText(), /Đọc máy, cần kiểm tra|Máy không đọc được/);
  await t.axeInThemes(page);
  await t.shot(page, 'capture-doubt');
  await page.locator('#paper').waitFor();
  await symbol.fill('744/STNMT-VP');
  assert.equal(await doubt.count(), 0);
  await page.reload();
  await doubt.getByRole('button', { name: 'Đúng rồi' }).click();
  assert.equal(await doubt.count(), 0);
  assert.equal(await symbol.evaluate((field) => field === document.activeElement), true);
}

async function plain(t) {
  const page = await t.signIn('vanthu.hahoa', undefined, { javaScriptEnabled: false });
  await page.goto(t.address('/documents/incoming/scan'));
  const { one, other } = scanned(745, 'không dùng JavaScript');
  await page.locator('.pages .field input[type=file]').setInputFiles([one, other]);
  await page.getByRole('button', { name: 'Đọc bản quét' }).click();
  await page.waitForURL(/\/scan\/[0-9a-f-]{36}$/);
  for (let turn = 0; turn < 60 && (await page.locator('#paper').count()) === 0; turn += 1) {
    await page.waitForTimeout(1000);
    await page.reload();
  }
  await page.getByRole('button', { name: 'Vào sổ & trình' }).click();
  await t.sees(page, /Đã vào sổ số đến \d+: 745\/STNMT-VP/);
}

export default [
  { name: 'a good scan is registered in four presses', run: register },
  { name: 'pages are put in order before they are sent', run: order },
  { name: 'a mark goes when somebody has looked', run: marks },
  { name: 'scans without JavaScript', run: plain },
];
