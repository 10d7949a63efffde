// The leader's phone, 360 px wide, by the thumb: reading, directing, approving, giving an opinion. Presses are counted
// from the desk; scrolling is not.
import assert from 'node:assert/strict';
import { THEMES, wear } from './lib.mjs';
import { PIN, task } from './office.mjs';

const PHONE = { viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
/** Smallest side of what is pressed to do the main things (ui.md). */
const THUMB_PX = 44;

export default [
  { name: 'a letter is read, with its file, and directed as suggested, 2', run: directs },
  { name: 'a draft is signed, 2 and a PIN', run: signs },
  { name: 'an opinion is given, 2', run: answers },
  { name: 'a file of a document is opened, read, and left again', run: opensAFile },
  { name: 'nothing is pushed sideways, in three themes', run: fitsInThemes },
];

async function directs(t) {
  const page = await t.signIn('chutich.phutho', 'localhost', PHONE);
  const row = rowWith(page, 'Cho ý kiến');
  await fits(page);
  await thumbs(page, ['.qrow__act .btn', '.bar .btn', '.tabs a']);
  const hand = taps(page);
  await hand.tap(row.locator('.qrow__title'));
  await page.locator('#act').waitFor();
  await fits(page);
  // The letter stands first, at a size that is read without spreading fingers.
  const letter = page.locator('.sheet, .viewer').first();
  const size = await letter.evaluate((one) => Number.parseFloat(getComputedStyle(one.querySelector('p') ?? one).fontSize));
  assert.ok(size >= 13, `the letter is ${size} px high`);
  // The bar says what its button will do, and both are under the thumb.
  const bar = page.locator('.actbar--do');
  await atTheBottom(page, bar);
  assert.match(await bar.locator('a').innerText(), /.+, hạn \d{2}\/\d{2}\/\d{4}/);
  await thumbs(page, ['.actbar--do .btn', '.actbar--do a', '#act select', '#act .tap']);
  await hand.tap(bar.getByRole('button', { name: 'Cho ý kiến & chuyển' }));
  await t.sees(page, /Đã giao .+ chủ trì/);
  assert.equal(hand.count, 2);
}

async function signs(t) {
  const page = await t.signIn('phochutich.phutho', 'localhost', PHONE);
  const hand = taps(page);
  await hand.tap(rowWith(page, 'Duyệt').locator('.qrow__title'));
  const bar = page.locator('.actbar--do');
  await atTheBottom(page, bar);
  await fits(page);
  await thumbs(page, ['.actbar--do .btn', '.actbar--do a', '#act input[name=pin]']);
  await page.locator('#act input[name=pin]').fill(PIN);
  await hand.tap(bar.getByRole('button', { name: 'Ký số' }));
  await t.sees(page, 'Đã ký số');
  assert.equal(hand.count, 2);
}

async function answers(t) {
  const asking = await t.at('chutich.phutho');
  await asking.goto(t.address('/documents/opinions/new'));
  const question = `Thống nhất phương án trực lũ ${Date.now() % 10_000}?`;
  await asking.locator('[name=question]').fill(question);
  await asking.locator('.tap', { hasText: 'Phan Thị Mai Lộc' }).locator('input').first().check();
  await asking.locator('#opinion').getByRole('button').last().click();
  await t.sees(asking, question);

  const page = await t.signIn('phochutich.phutho', 'localhost', PHONE);
  const hand = taps(page);
  await hand.tap((await task(t, page, question)).locator('.qrow__title'));
  const bar = page.locator('.actbar--do');
  await atTheBottom(page, bar);
  await fits(page);
  await thumbs(page, ['.actbar--do .btn', '.actbar--do a']);
  await hand.tap(bar.getByRole('button', { name: 'Đồng ý', exact: true }));
  await t.sees(page, /Đã ghi nhận|Đồng ý/);
  assert.equal(hand.count, 2);
}

async function opensAFile(t) {
  const page = await t.signIn('chutich.phutho', 'localhost', PHONE);
  await page.goto(t.address('/documents/outgoing?status=issued'));
  await page.goto(new URL(await page.locator('main th a').first().getAttribute('href'), page.url()).href);
  await fits(page);
  const file = page.locator('.head a[href$="/document.pdf"]');
  await thumbs(page, ['.head a[href$="/document.pdf"]']);
  const href = await file.getAttribute('href');
  // What the telephone is sent: the whole file, to be shown in place.
  const sent = await page.evaluate(async (address) => {
    const answer = await fetch(address);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const [type, place] = ['content-type', 'content-disposition'].map((name) => answer.headers.get(name) ?? '');
    return { start: new TextDecoder().decode(bytes.slice(0, 5)), type, place: place.split(';')[0] };
  }, href);
  assert.deepEqual(sent, { start: '%PDF-', type: 'application/pdf', place: 'inline' }, href);
  const [before, hand] = [page.url(), taps(page)];
  // A browser without a viewer of its own keeps the file instead, and stays where it is.
  const opened = Promise.race([
    page.waitForURL((url) => url.pathname === href, { waitUntil: 'commit' }),
    page.waitForEvent('download'),
  ]);
  await Promise.all([opened, hand.tap(file)]);
  if (page.url() !== before) await page.goBack();
  assert.equal(page.url(), before, 'the way back is one step');
  await page.locator('.viewer').waitFor();
  assert.equal(hand.count, 1);
}

async function fitsInThemes(t) {
  for (const [username, link] of [['chutich.phutho', 'Cho ý kiến'], ['phochutich.phutho', 'Duyệt']]) {
    const page = await t.signIn(username, 'localhost', PHONE);
    for (const theme of THEMES) {
      await page.goto(t.address('/'));
      await wear(page, theme);
      await fits(page);
      await t.axe(page, `desk of ${username} (${theme})`);
      await page.goto(new URL(await rowWith(page, link).locator('.qrow__title').getAttribute('href'), page.url()).href);
      await fits(page);
      await t.axe(page, `act of ${username} (${theme})`);
    }
  }
}

/** A thumb whose taps are counted. */
function taps(page) {
  return {
    count: 0,
    async tap(place) {
      this.count += 1;
      await place.tap();
      await page.waitForLoadState();
    },
  };
}

function rowWith(page, word) {
  return page.locator('.qrow', { has: page.locator('.qrow__act', { hasText: word }) }).first();
}

async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${page.url()} is ${over} px too wide`);
}

/** Everything that is seen and fits one of these is large enough for a thumb. */
async function thumbs(page, selectors) {
  for (const selector of selectors) {
    const small = await page.locator(selector).evaluateAll((all, least) => all
      .filter((one) => one.getClientRects().length > 0)
      .map((one) => one.getBoundingClientRect())
      .filter(({ width, height }) => height < least - 0.5 || width < least - 0.5)
      .map(({ width, height }) => `${width}x${height}`), THUMB_PX);
    assert.deepEqual(small, [], `${selector} on ${page.url()}`);
  }
}

async function atTheBottom(page, bar) {
  await bar.waitFor();
  const { y, height } = await bar.boundingBox();
  const { height: screen } = page.viewportSize();
  assert.ok(Math.abs(y + height - screen) <= 1, `the bar ends at ${y + height} of ${screen}`);
}
