// What people of the office do in stories, in the words of the office.
import assert from 'node:assert/strict';

/** Host of the tenant in which the Office of the Government works. */
export const GOVERNMENT = 'chinhphu.localhost';

/** The row of a task on the desk; waits until the exchange or a colleague has brought it. */
export async function task(t, page, subject, { seconds = 10 } = {}) {
  const row = page.locator('.qrow', { hasText: subject }).first();
  const until = Date.now() + seconds * 1000;
  for (;;) {
    await page.goto(t.address('/', hostOf(page)));
    if ((await row.count()) > 0) return row;
    assert.ok(Date.now() < until, `no task "${subject}" on the desk at ${page.url()} after ${seconds} s`);
    await page.waitForTimeout(150);
  }
}

/** Opens the task's page. */
export async function open(t, page, subject) {
  await (await task(t, page, subject)).locator('.qrow__title').click();
  await page.locator('#act, form#draft').first().waitFor();
  await t.look(page);
}

/** Does the expected act from the row, without opening the page. */
export async function act(t, page, subject) {
  const row = await task(t, page, subject);
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
  if (head) await act(t, await t.at(head, host), subject);
  await act(t, await t.at(clerk, host), subject);
  await sign(t, await t.at(leader, host), subject);
  await sign(t, await t.at(clerk, host), subject);
}

/** Everybody's PIN in the demonstration. */
export const PIN = '246810';

/** Signs where the page asks for a PIN; where it does not, the expected act is done from the row. */
async function sign(t, page, subject) {
  await open(t, page, subject);
  const pin = page.locator('#act input[name=pin]');
  if ((await pin.count()) === 0) return act(t, page, subject);
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
