// A records clerk without a mouse: J, K and T accept, Enter opens, Esc goes back, / searches.
import assert from 'node:assert/strict';

export default async function (t) {
  const page = await t.signIn('vanthu.phutho');
  await page.goto(t.address('/?kind=documents.task.register'));
  const rows = page.locator('.qrow');
  const before = await rows.count();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  for (let n = 0; n < 5; n += 1) {
    await Promise.all([page.waitForNavigation(), page.keyboard.press('t')]);
    await t.sees(page, /Đã vào sổ số đến \d+/);
    // The next row stands where the accepted one stood.
    await page.locator('.qrow[data-here]').waitFor();
  }
  assert.equal(await rows.count(), before - 5);

  const desk = page.url();
  await page.keyboard.press('j');
  await Promise.all([page.waitForURL(/\/documents\/incoming\//), page.keyboard.press('Enter')]);
  await Promise.all([page.waitForURL(desk), page.keyboard.press('Escape')]);

  await page.keyboard.press('/');
  await page.keyboard.type('vpcp kstt');
  const list = page.locator('#q-list');
  await list.locator('[data-id]').first().waitFor();
  assert.equal(await page.locator('#q').getAttribute('aria-expanded'), 'true');
  await t.axe(page);
  await page.keyboard.press('ArrowDown');
  const marked = await page.locator('#q').getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`[id="${marked}"]`).getAttribute('aria-selected'), 'true');
  await Promise.all([page.waitForURL(/\/documents\/(incoming|outgoing)\/[0-9a-f-]{36}/), page.keyboard.press('Enter')]);

  await page.keyboard.press('/');
  await page.keyboard.type('giao duc');
  await Promise.all([page.waitForURL(/\/search\?q=giao/), page.keyboard.press('Enter')]);
  await page.locator('mark').first().waitFor();
  await t.look(page);

  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.locator('#keys:popover-open').waitFor();
  await t.axe(page);
}
