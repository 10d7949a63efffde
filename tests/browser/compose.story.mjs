// Writing a document: by keyboard alone, with a table; what is printed beside it; two people; words of a DOCX; Word's clipboard.
import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { done } from './office.mjs';

/** From the last key to the pages, with a printer built for development; a built one is far below. */
const PREVIEW_MS_MAX = Number(process.env.VANLANG_PREVIEW_MS ?? 4000);

export default [
  { name: 'a decision of two articles and a table by keyboard alone', run: byKeyboard },
  { name: 'what is printed stands beside what is written', run: preview },
  { name: 'numbers follow, levels change, all of it can be undone', run: levels },
  { name: 'two people write one decision', run: twoPeople },
  { name: 'words of a DOCX and of the clipboard become lines', run: imported },
  { name: 'narrow, and in three themes', run: narrow },
];

const text = (page) => page.getByRole('textbox', { name: 'Nội dung văn bản' });
const field = (page) => page.locator('textarea[name=body]');

/** A new decision, saved once, so that it saves itself from now on. */
async function begun(t, page, subject) {
  await page.goto(t.address('/documents/outgoing/new'));
  await page.locator('select[name=type_code]').selectOption('QĐ');
  await page.getByLabel('Trích yếu').fill(subject);
  await Promise.all([page.waitForURL(/\/edit$/), page.getByRole('button', { name: 'Lưu nháp' }).click()]);
  await done(page);
  await text(page).waitFor();
}

async function byKeyboard(t) {
  const page = await t.at('chuyenvien.kgvx.phutho');
  await begun(t, page, 'ban hành quy chế công tác văn thư');
  await text(page).focus();
  const keys = page.keyboard;
  await keys.type('Căn cứ Luật Tổ chức chính quyền địa phương;');
  await keys.press('Enter');
  await keys.type('Nghị định số 30/2020/NĐ-CP.');
  await keys.press('Enter');
  await keys.press('Shift+Tab');
  await keys.type('Điều 1. Ban hành quy chế.');
  await keys.press('Enter');
  await keys.press('Tab');
  await keys.type('Phạm vi điều chỉnh.');
  await keys.press('Enter');
  await keys.type('Đối tượng áp dụng:');
  await keys.press('Enter');
  await keys.press('Tab');
  await keys.type('Cấp tỉnh;');
  await keys.press('Enter');
  await keys.type('Cấp xã.');
  await keys.press('Control+Alt+t');
  for (const cell of ['TT', 'Đơn vị', 'Số lượng', '1', 'Sở Nội vụ', '120']) {
    await keys.type(cell);
    if (cell !== '120') await keys.press('Tab');
  }
  await keys.press('ArrowDown');
  await keys.press('Control+Alt+3');
  await keys.press('Control+b');
  await keys.type('Hiệu lực');
  await keys.press('Control+b');
  await keys.type(' từ ngày ký.');
  assert.equal(
    await field(page).inputValue(),
    [
      'Căn cứ Luật Tổ chức chính quyền địa phương;',
      'Căn cứ Nghị định số 30/2020/NĐ-CP.',
      'Điều 1. Ban hành quy chế.',
      '1. Phạm vi điều chỉnh.',
      '2. Đối tượng áp dụng:',
      'a) Cấp tỉnh;',
      'b) Cấp xã.',
      '| TT | Đơn vị | Số lượng |',
      '| 1 | Sở Nội vụ | 120 |',
      'Điều 2. **Hiệu lực** từ ngày ký.',
    ].join('\n'),
  );
  // Out of the editor by keyboard, too.
  await keys.press('Escape');
  await keys.press('Tab');
  assert.ok(!(await text(page).evaluate((one) => one.contains(document.activeElement))), 'the editor keeps the keyboard');
  await saved(page);
  await page.reload();
  assert.match(await field(page).inputValue(), /Điều 2\. \*\*Hiệu lực\*\* từ ngày ký\.$/);
  assert.equal(await text(page).locator('td').count(), 6);
  await t.look(page);
}

/** The draft has saved itself. */
async function saved(page) {
  await page.waitForResponse((answer) => answer.url().endsWith('/save') && answer.status() === 204);
}

async function preview(t) {
  const page = await t.at('chuyenvien.kgvx.phutho');
  await begun(t, page, 'xem trước bản in');
  const pages = page.locator('[data-preview] img');
  await pages.first().waitFor();
  assert.match((await pages.first().getAttribute('alt')) ?? '', /Trang 1 trên 1/);
  const before = await pages.first().getAttribute('src');
  await text(page).focus();
  const took = [];
  for (const words of ['Điều 1. Một.', ' Hai.', ' Ba.', ' Bốn.', ' Năm.']) {
    await page.keyboard.type(words);
    const src = await pages.first().getAttribute('src');
    const since = Date.now();
    await page.waitForFunction((old) => document.querySelector('[data-preview] img')?.src !== old, src);
    took.push(Date.now() - since);
  }
  took.sort((a, b) => a - b);
  const size = ((await pages.first().getAttribute('src')) ?? '').length;
  console.log(`      preview: ${took.join(', ')} ms after the last key; a page is ${Math.round(size / 1024)} kB`);
  assert.ok(took[2] < PREVIEW_MS_MAX, `the middle one took ${took[2]} ms`);
  assert.notEqual(await pages.first().getAttribute('src'), before);
  // A letter that the printer does not have is told of where the pages stand.
  await text(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('漢');
  await t.sees(page, 'không có trong phông chữ');
  await page.keyboard.press('Backspace');
  await pages.first().waitFor();
  await t.look(page);
  // No page on which nothing is written loads the editor.
  assert.equal(await page.locator('script[src*="/compose."]').count(), 1);
  await page.goto(t.address('/documents/outgoing'));
  assert.equal(await page.locator('script[src*="/compose."]').count(), 0);
}

async function levels(t) {
  const page = await t.at('chuyenvien.kgvx.phutho');
  await begun(t, page, 'đổi cấp, đánh số');
  await text(page).focus();
  const keys = page.keyboard;
  await keys.type('Điều 1. Một.');
  for (const words of ['Hai.', 'Ba.']) {
    await keys.press('Enter');
    await keys.type(words);
  }
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\nĐiều 2. Hai.\nĐiều 3. Ba.');
  await keys.press('ArrowUp');
  await keys.press('Tab');
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\n1. Hai.\nĐiều 2. Ba.');
  await keys.press('Tab');
  await keys.press('Tab');
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\n- Hai.\nĐiều 2. Ba.');
  for (let n = 0; n < 3; n += 1) await keys.press('Control+z');
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\nĐiều 2. Hai.\nĐiều 3. Ba.');
  await page.getByLabel('Loại đoạn').selectOption('clause');
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\n1. Hai.\nĐiều 2. Ba.');
  // Numbers that are somebody's own are left alone, until one asks for ours.
  await page.getByRole('button', { name: 'Tự đánh số' }).click();
  await page.getByLabel('Loại đoạn').selectOption('article');
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\nĐiều 1. Hai.\nĐiều 2. Ba.');
  await page.getByRole('button', { name: 'Tự đánh số' }).click();
  assert.equal(await field(page).inputValue(), 'Điều 1. Một.\nĐiều 2. Hai.\nĐiều 3. Ba.');
}

async function twoPeople(t) {
  const page = await t.at('chuyenvien.kgvx.phutho');
  await begun(t, page, 'hai người cùng soạn');
  const other = await t.at('truongphong.kgvx.phutho');
  await other.goto(page.url());
  await text(other).focus();
  await other.keyboard.type('Điều 1. Của trưởng phòng.');
  await saved(other);
  await text(page).focus();
  await page.keyboard.type('Điều 1. Của chuyên viên.');
  await page.waitForResponse((answer) => answer.url().endsWith('/save') && answer.status() === 409);
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Lưu nháp' }).click()]);
  await t.sees(page, 'Khác nhau giữa bản vừa được lưu và bản của bạn');
  await t.sees(page, 'Của trưởng phòng.');
  assert.equal(await field(page).inputValue(), 'Điều 1. Của chuyên viên.');
}

async function imported(t) {
  const page = await t.at('chuyenvien.kgvx.phutho');
  await begun(t, page, 'nhập từ Word');
  const choose = page.locator('[data-words] input[type=file]');
  await choose.setInputFiles({ name: 'du-thao.docx', mimeType: 'application/octet-stream', buffer: docx() });
  await t.sees(page, 'không nhập được: 1 hình');
  assert.equal(await field(page).inputValue(), 'Điều 1. Giao **Sở Nội vụ** chủ trì.\n| TT | Việc |\n| 1 | Rà soát |');
  await choose.setInputFiles({ name: 'hong.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\x03\x04') });
  await t.sees(page, 'Tệp bị hỏng');
  assert.match(await field(page).inputValue(), /Sở Nội vụ/);
  await text(page).focus();
  await page.keyboard.press('Control+z');
  assert.equal(await field(page).inputValue(), '');
  await paste(page, WORD);
  assert.equal(
    await field(page).inputValue(),
    'Căn cứ Luật Lưu trữ;\nĐiều 1. **Phạm vi**\n1. **Cấp tỉnh** và xã.\na) Một.\n- Hai.\n| TT | Nội dung |\n| 1 | A |',
  );
}

/** What Word puts on the clipboard, in short. */
const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<!--StartFragment--><p class=MsoNormal><i>Căn cứ Luật Lưu trữ;<o:p></o:p></i></p><p class=MsoNormal><b>Điều 1.&nbsp;Phạm vi</b></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;
</span></span><![endif]><b>Cấp tỉnh</b> và
 xã.</p><ol type=a><li>Một.</li></ol><ul><li>Hai.</li></ul><table><tr><td><p>TT</p></td><td><p>Nội dung</p></td></tr><tr><td>1</td><td>A</td></tr>
</table><!--EndFragment--></body></html>`;

async function paste(page, html) {
  await text(page).evaluate((place, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', data);
    place.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

async function narrow(t) {
  const page = await t.signIn('chuyenvien.kgvx.phutho', undefined, { viewport: { width: 320, height: 700 } });
  await begun(t, page, 'soạn trên màn hình hẹp');
  await text(page).focus();
  await page.keyboard.type('Điều 1. Một.');
  await page.keyboard.press('Control+Alt+t');
  await page.keyboard.type('TT');
  await saved(page);
  await page.locator('[data-preview] img').first().waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, 'the page scrolls sideways');
  await t.axeInThemes(page);
  await t.shot(page, 'compose-320');
}

/** A DOCX with a number of its own, bold words, a picture and a table. */
function docx() {
  const run = (words, hand = '') => `<w:r><w:rPr>${hand}</w:rPr><w:t xml:space="preserve">${words}</w:t></w:r>`;
  const cell = (words) => `<w:tc><w:p>${run(words)}</w:p></w:tc>`;
  const rows = [['TT', 'Việc'], ['1', 'Rà soát']].map((row) => `<w:tr>${row.map(cell).join('')}</w:tr>`).join('');
  return zip({
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>${run(
      'Điều 1. Giao ',
    )}${run('Sở Nội vụ', '<w:b/>')}${run(' chủ trì.')}<w:r><w:drawing/></w:r></w:p><w:tbl>${rows}</w:tbl></w:body></w:document>`,
  });
}

function zip(files) {
  const [parts, central] = [[], []];
  let at = 0;
  for (const [name, words] of Object.entries(files)) {
    const [data, bytes] = [Buffer.from(words), Buffer.from(name)];
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    for (const [place, value] of [[0, 20], [4, 8]]) head.writeUInt16LE(value, place);
    head.writeUInt32LE(crc(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(bytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, bytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), head, tail, bytes]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

function crc(data) {
  let value = ~0;
  for (const byte of data) {
    value ^= byte;
    for (let n = 0; n < 8; n += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
