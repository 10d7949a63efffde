// The same work without JavaScript: accept, direct, draft an answer, approve and issue.
import assert from 'node:assert/strict';
import { act, approveAndIssue, direct, open, press } from './office.mjs';

export default async function (t) {
  const plain = { javaScriptEnabled: false };
  const [clerk, leader] = await Promise.all(
    ['vanthu.xa.caoxa', 'chutich.xa.caoxa'].map((name) => t.at(name, undefined, plain)),
  );
  const row = clerk.locator('.qrow', { has: clerk.locator('button', { hasText: 'Tiếp nhận' }) }).first();
  const subject = await row.locator('.qrow__title').innerText();
  await act(t, clerk, subject);
  await direct(t, leader, subject, 'Văn phòng – Thống kê');

  const officer = await t.at('congchuc.xa.caoxa', undefined, plain);
  await open(t, officer, subject);
  await press(officer, 'Soạn văn bản trả lời');
  const title = 'báo cáo kết quả thực hiện không dùng JavaScript';
  await officer.getByLabel('Trích yếu').fill(title);
  await findWithoutScript(officer);
  await press(officer, 'Trình duyệt');
  await approveAndIssue(t, title, { clerk: 'vanthu.xa.caoxa', leader: 'chutich.xa.caoxa' });

  await clerk.goto(t.address('/documents/outgoing?status=issued'));
  await t.sees(clerk, title);
}

/** The picker without script: a search button brings the form back with what was found, nothing lost. */
async function findWithoutScript(page) {
  await page.locator('.picker > input').first().fill('lam thao');
  await Promise.all([page.waitForNavigation(), page.locator('.picker__find').first().click()]);
  const found = page.locator('.token', { hasText: 'UBND huyện Lâm Thao' });
  assert.ok((await found.count()) > 0, 'the search found no agency');
}
