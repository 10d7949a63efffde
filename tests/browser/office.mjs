// What people of the office do in stories, in the words of the office.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Host of the tenant in which the Office of the Government works. */
export const GOVERNMENT = 'chinhphu.localhost';

/** The row of a task on the desk; waits until the exchange or a colleague has brought it. `doing` is what its act says,
 *  where a letter and the answer to it bear the same words. */
export async function task(t, page, subject, { seconds = 10, doing } = {}) {
  const rows = page.locator('.qrow', { hasText: subject });
  const row = (doing ? rows.filter({ has: page.locator('.qrow__act', { hasText: doing }) }) : rows).first();
  const until = Date.now() + seconds * 1000;
  for (;;) {
    await page.goto(t.address('/', hostOf(page)));
    if ((await row.count()) > 0) return row;
    assert.ok(Date.now() < until, `no task "${subject}" on the desk at ${page.url()} after ${seconds} s`);
    await page.waitForTimeout(150);
  }
}

/** Opens the task's page. */
export async function open(t, page, subject, how = {}) {
  await (await task(t, page, subject, how)).locator('.qrow__title').click();
  await page.locator('#act, form#draft').first().waitFor();
  await t.look(page);
}

/** Does the expected act from the row, without opening the page. */
export async function act(t, page, subject, how = {}) {
  const row = await task(t, page, subject, how);
  await Promise.all([page.waitForNavigation(), row.locator('.qrow__act button').click()]);
  await done(page);
}

/** Presses the button of the page's act. */
export async function press(page, name) {
  const button = page.getByRole('button', { name, exact: false }).first();
  await Promise.all([page.waitForNavigation(), button.click()]);
  await done(page);
}

/** What was just done succeeded: the page says so and refuses nothing. */
export async function done(page) {
  const refused = await page.locator('.banner--late b, .errors').allInnerTexts();
  assert.ok((await page.locator('.toast').count()) > 0, `nothing was done at ${page.url()}: ${refused.join(' ')}`);
}

/** Whoever leads names the unit or person in the lead. */
export async function direct(t, page, subject, lead) {
  await open(t, page, subject);
  await page.locator('select[name=lead]').selectOption(await option(page, 'select[name=lead]', lead));
  await press(page, 'Cho ý kiến & chuyển');
}

/** The head gives it to somebody of the unit. */
export async function assign(t, page, subject, person) {
  await open(t, page, subject);
  await page.locator('select[name=person]').selectOption(await option(page, 'select[name=person]', person));
  await press(page, 'Phân công');
}

/** The value of the first choice whose label holds a text. */
async function option(page, select, label) {
  const found = page.locator(`${select} option`, { hasText: label }).first();
  await found.waitFor({ state: 'attached' });
  return found.getAttribute('value');
}

/** Chooses an agency in the recipient picker by a few letters without accents. */
export async function choose(page, letters, name) {
  const box = page.locator('.picker > input').first();
  await box.fill(letters);
  await page.locator('.picker__list [data-id]', { hasText: name }).first().click();
}

/** Who approves in an agency: head of the unit, clerk, leader. */
export async function approveAndIssue(t, subject, { head, clerk, leader, host }) {
  if (head) await act(t, await t.at(head, host), subject, { doing: 'Duyệt nội dung' });
  await act(t, await t.at(clerk, host), subject, { doing: 'thể thức' });
  await sign(t, await t.at(leader, host), subject, { doing: 'Duyệt' });
  await sign(t, await t.at(clerk, host), subject, { doing: 'phát hành' });
}

/** Everybody's PIN in the demonstration. */
export const PIN = '246810';

/** Signs where the page asks for a PIN; where it does not, the expected act is done from the row. */
async function sign(t, page, subject, how) {
  await open(t, page, subject, how);
  const pin = page.locator('#act input[name=pin]');
  if ((await pin.count()) === 0) return act(t, page, subject, how);
  await pin.fill(PIN);
  await Promise.all([page.waitForNavigation(), page.locator('#act .btn--primary').first().click()]);
  return done(page);
}

/** The id of the document whose page this is. */
export function idOf(page) {
  return page.url().match(/[0-9a-f-]{36}/)[0];
}

/** Waits until a recipient has a status on the tracking page of a document. */
export async function tracked(t, page, id, [name, status], { seconds = 10 } = {}) {
  const row = page.locator('.group tr', { hasText: name }).filter({ hasText: status });
  const until = Date.now() + seconds * 1000;
  for (;;) {
    await page.goto(t.address(`/documents/outgoing/${id}/tracking`, hostOf(page)));
    if ((await row.count()) > 0) return;
    const seen = await page.locator('.group tr', { hasText: name }).allInnerTexts();
    assert.ok(Date.now() < until, `${name} is not "${status}" after ${seconds} s: ${seen.join(' ')}`);
    await page.waitForTimeout(150);
  }
}

function hostOf(page) {
  return new URL(page.url()).hostname;
}

/** A document the province has issued, as its edXML packet. */
export async function takenOut(t) {
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
export function variants(packet, count) {
  const [, number] = packet.match(/CodeNumber>(\d+)</);
  return Array.from({ length: count }, (_, n) =>
    Buffer.from(packet.replace(`CodeNumber>${number}<`, `CodeNumber>9${100 + n}<`).replace(`,${number}/`, `,9${100 + n}/`)));
}

export async function handIn(t, page, packets) {
  await page.goto(t.address('/documents/incoming/import'));
  const files = packets.map((buffer, n) => ({ name: `goi-${n + 1}.edxml`, mimeType: 'application/xml', buffer }));
  await page.locator('input[name=files]').setInputFiles(files);
  await press(page, 'Nhận tệp');
  await page.waitForURL(/import\?batch=/);
}

/** The program, which also prints. */
const program = process.env.VANLANG_BIN ?? fileURLToPath(new URL('../../target/debug/vanlang', import.meta.url));

/** Pictures of a letter as a scanner makes them: printed by the program itself, drawn at 200 dpi. */
export function scanned(number, subject) {
  const folder = mkdtempSync(join(tmpdir(), 'vanlang-scan-'));
  const letter = {
    head: {
      parent: 'Ủy ban nhân dân tỉnh Phú Thọ', agency: 'Sở Tài nguyên và Môi trường', number, notation: 'STNMT-VP',
      place: 'Phú Thọ', date: '2017-03-05',
    },
    subject,
    addressees: ['Ủy ban nhân dân các xã, phường'],
    body: [{
      block: 'paragraph',
      text: 'Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh, đề nghị các xã, phường rà soát hiện trạng sử dụng đất bãi bồi ven sông '
        + 'và báo cáo kết quả trước ngày 20 tháng 3 năm 2017.',
    }],
    recipients: ['Như trên', 'Lưu: VT, VP'],
    signers: [{ titles: ['KT. Giám đốc', 'Phó Giám đốc'], name: 'Hà Văn Chiến' }],
  };
  const [data, pdf] = ['letter.json', 'letter.pdf'].map((name) => join(folder, name));
  writeFileSync(data, JSON.stringify(letter));
  execFileSync(program, ['pdf', 'render', '--type', 'cong-van', data, '-o', pdf]);
  const picture = join(folder, 'trang');
  execFileSync('pdftoppm', ['-r', '200', '-f', '1', '-l', '1', '-jpeg', '-singlefile', pdf, picture]);
  const jpeg = readFileSync(`${picture}.jpg`);
  rmSync(folder, { recursive: true });
  const named = (name) => ({ name, mimeType: 'image/jpeg', buffer: jpeg });
  return { one: named('trang 1.jpg'), other: named('trang 2.jpg') };
}

/** The administrator locks an agency, or opens it. */
export async function lock(t, name, locked) {
  const admin = await t.at('quantri.phutho');
  await admin.goto(t.address(`/admin/agencies?q=${encodeURIComponent(name)}`));
  await admin.getByRole('link', { name }).first().click();
  await admin.waitForURL(/agencies\/[0-9a-f-]{36}/);
  await admin.goto(`${admin.url().split('?')[0]}/edit`);
  await admin.locator('input[name=locked][type=checkbox]').setChecked(locked);
  await admin.getByRole('button', { name: 'Lưu' }).first().click();
  await t.sees(admin, 'Đã lưu');
}
