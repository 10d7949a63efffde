// A cracked phone, 320 px wide: nothing has to be pushed sideways.
import assert from 'node:assert/strict';

const PAGES = [
  ['vanthu.phutho', ['/', '/documents/incoming', '/documents/outgoing', '/documents/registers/incoming']],
  ['vanthu.phutho', ['/documents/outgoing?status=trouble', '/documents/incoming/new', '/documents/incoming/scan', '/search?q=giao+duc']],
  ['chuyenvien.kgvx.phutho', ['/documents/outgoing/new', '/settings/delegation', '/notices']],
  ['chutich.phutho', ['/settings/devices', '/documents/board', '/documents/reports']],
  ['quantri.phutho', ['/admin/agencies', '/admin/people', '/admin/rights', '/admin/audit', '/admin/health', '/admin/axis']],
];
/** Pages whose address holds an id: the list, and the link to follow. */
const OPENED = [
  ['vanthu.phutho', '/', '.qrow__title'],
  ['chutich.phutho', '/', '.qrow__title'],
  ['chuyenvien.kgvx.phutho', '/?kind=documents.task.returned_draft', '.qrow__title'],
  ['vanthu.phutho', '/documents/outgoing?status=issued', 'a[href$="/tracking"]'],
];

export default async function (t) {
  const phone = { viewport: { width: 320, height: 640 }, hasTouch: true };
  const visitor = await t.visitor(phone);
  for (const path of ['/demo', '/sign-in']) {
    await visitor.goto(t.address(path));
    await fits(visitor);
  }
  for (const [username, paths] of PAGES) {
    const page = await t.at(username, undefined, phone);
    for (const path of paths) {
      await page.goto(t.address(path));
      await fits(page);
    }
  }
  // Between phone and desk the ten columns of a register stand in named cells.
  const tablet = await t.signIn('vanthu.phutho', 'localhost', { viewport: { width: 768, height: 1024 } });
  for (const register of ['incoming', 'outgoing', 'follow-up']) {
    await tablet.goto(t.address(`/documents/registers/${register}`));
    await fits(tablet);
    const pushed = await tablet.locator('.scroll').first().evaluate((one) => one.scrollWidth - one.clientWidth);
    assert.ok(pushed <= 0, `the register ${register} is pushed ${pushed} px sideways at 768 px`);
    const [cells, hidden] = await tablet.evaluate(() => {
      const all = [...document.querySelector('.table--book tbody tr').children];
      return [all.length, all.filter((one) => one.getClientRects().length === 0 && one.textContent !== '').length];
    });
    assert.ok(cells >= 7 && hidden === 0, `${hidden} of ${cells} filled cells are hidden`);
  }
  for (const [username, path, link] of OPENED) {
    const page = await t.at(username, undefined, phone);
    await page.goto(t.address(path));
    await page.goto(new URL(await page.locator(link).first().getAttribute('href'), page.url()).href);
    await fits(page);
  }
}

async function fits(page) {
  const wide = await page.evaluate(() => {
    const out = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    const over = document.documentElement.scrollWidth > innerWidth;
    return over ? out.slice(0, 3).map((one) => `<${one.tagName.toLowerCase()} class="${one.className}">`) : null;
  });
  assert.equal(wide, null, `${page.url()} scrolls sideways: ${wide}`);
}
