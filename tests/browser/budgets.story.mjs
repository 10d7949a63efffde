// The click budgets of the office's jobs: presses of the pointer or of Enter after reaching one's desk; writing and
// moving between fields by the keyboard is not counted.
import assert from 'node:assert/strict';
import { PIN, act, assign, direct } from './office.mjs';

const budgets = [
  {
    name: 'accept a letter and pass it to the leader, 2',
    as: 'vanthu.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Tiếp nhận').locator('.qrow__title'));
      await hand.click(page.locator('#act').getByRole('button', { name: 'Tiếp nhận & trình' }));
      await t.sees(page, /Đã vào sổ số đến \d+/);
    },
    clicks: 2,
  },
  {
    name: 'accept all that waits at once, 3',
    as: 'vanthu.lamthao',
    async run(t, page, hand) {
      await hand.click(page.locator('.tabs a', { hasText: 'Tiếp nhận' }));
      await page.waitForURL(/kind=/);
      const n = await page.locator('.qrow__pick input').count();
      assert.ok(n >= 2, `only ${n} letters wait`);
      await hand.click('[data-pick-all]');
      await t.sees(page, 'việc đã chọn');
      await hand.click(page.locator('.batch .btn--primary'));
      await t.sees(page, `Đã vào sổ ${n} văn bản`);
    },
    clicks: 3,
  },
  {
    name: 'return a letter with a reason, 3',
    as: 'vanthu.xa.caoxa',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Tiếp nhận').locator('.qrow__title'));
      await hand.click(page.locator('#act summary', { hasText: 'Trả lại nơi gửi' }));
      await hand.type('Gửi sai nơi nhận: nội dung thuộc thẩm quyền của xã khác.');
      await hand.click(page.locator('#act').getByRole('button', { name: 'Trả lại nơi gửi' }));
      await t.sees(page, 'Đã trả lại nơi gửi');
    },
    clicks: 3,
  },
  {
    name: 'direct a letter as suggested, 2',
    as: 'chutich.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Cho ý kiến').locator('.qrow__title'));
      await hand.click(page.getByRole('button', { name: 'Cho ý kiến & chuyển' }));
      await t.sees(page, /Đã giao .+ chủ trì/);
    },
    clicks: 2,
  },
  {
    name: 'assign to an officer, 2',
    as: 'truongphong.kgvx.phutho',
    async run(t, page, hand) {
      if ((await rowWith(page, 'Phân công').count()) === 0) await toTheHead(t, page);
      await hand.click(rowWith(page, 'Phân công').locator('.qrow__title'));
      await hand.click(page.locator('#act').getByRole('button', { name: 'Phân công' }));
      await t.sees(page, /Đã phân công .+/);
    },
    clicks: 2,
  },
  {
    name: 'sign a draft, 2 and a PIN',
    as: 'phochutich.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Duyệt').locator('.qrow__title'));
      await page.locator('#act input[name=pin]').fill(PIN);
      await hand.click(page.locator('#act').getByRole('button', { name: 'Ký số' }).first());
      await t.sees(page, 'Đã ký số');
    },
    clicks: 2,
  },
  {
    name: 'sign all drafts that wait, 3 and one PIN',
    as: 'phochunhiem.vpcp',
    host: 'chinhphu.localhost',
    async run(t, page, hand) {
      await hand.click(page.locator('.tabs a', { hasText: 'Duyệt, ký' }));
      await page.waitForURL(/kind=/);
      await page.locator('form.queue input[name=pin]').fill(PIN);
      await hand.click('[data-pick-all]');
      await hand.click(page.locator('.batch .btn--primary'));
      await t.sees(page, /Đã ký số \d+ văn bản/);
    },
    clicks: 3,
  },
  {
    name: 'return a draft with a comment, 3',
    as: 'truongphong.kgvx.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Duyệt nội dung').locator('.qrow__title'));
      await hand.click(page.locator('#act summary', { hasText: 'Trả lại người soạn' }));
      await hand.type('Bổ sung số liệu quý trước để so sánh.');
      await hand.click(page.locator('#act').getByRole('button', { name: 'Trả lại', exact: true }));
      await t.sees(page, 'Đã trả lại người soạn');
    },
    clicks: 3,
  },
  {
    name: 'from a letter to an editable answer 2, to its submission 2 more',
    as: 'chuyenvien.kgvx.phutho',
    async run(t, page, hand) {
      if ((await rowWith(page, 'Giải quyết').count()) === 0) await toTheOfficer(t, page);
      await hand.click(rowWith(page, 'Giải quyết').locator('.qrow__title'));
      await hand.click(page.getByRole('button', { name: 'Soạn văn bản trả lời' }));
      await page.waitForURL(/\/edit$/);
      assert.equal(hand.count, 2);
      assert.match(await page.locator('textarea[name=body]').inputValue(), /Thực hiện .+ báo cáo như sau/);
      assert.ok((await page.locator('.picker .token').count()) > 0, 'the sender is the addressee');
      await hand.click(page.getByRole('textbox', { name: 'Nội dung văn bản' }));
      await hand.type('Kết quả: đã hoàn thành. ');
      await hand.click(page.getByRole('button', { name: 'Trình duyệt' }));
      await t.sees(page, 'Đã trình trưởng đơn vị');
    },
    clicks: 4,
  },
  {
    name: 'number and send to 13 districts, 3',
    as: 'vanthu.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'phát hành').locator('.qrow__title'));
      const districts = page.locator('#act .tap', { hasText: '13 huyện' }).locator('input');
      if (!(await districts.isChecked())) await hand.click(districts);
      const pin = page.locator('#act input[name=pin]');
      if ((await pin.count()) > 0) await pin.fill(PIN);
      await hand.click(page.locator('#act').getByRole('button', { name: 'phát hành' }));
      await t.sees(page, /Đã phát hành \d+/);
    },
    clicks: 3,
  },
  {
    name: 'see who has not received a letter, 1',
    as: 'vanthu.phutho',
    async run(t, page, hand) {
      await hand.click(rowWith(page, 'Gửi lại').locator('.qrow__title'));
      await page.waitForURL(/\/tracking/);
      await t.sees(page, /trả lại văn bản|chưa nhận được văn bản/);
    },
    clicks: 1,
  },
  {
    name: 'close a task, 2',
    as: 'chuyenvien.kgvx.phutho',
    async run(t, page, hand) {
      if ((await rowWith(page, 'Giải quyết').count()) === 0) await toTheOfficer(t, page);
      await hand.click(rowWith(page, 'Giải quyết').locator('.qrow__title'));
      await hand.click(page.getByRole('button', { name: 'Kết thúc' }));
      await t.sees(page, 'Đã kết thúc');
    },
    clicks: 2,
  },
  {
    name: 'find a letter by words without accents, 1',
    as: 'vanthu.phutho',
    async run(t, page, hand) {
      // The key / is part of writing: it is no pointer press and no Enter.
      await hand.type('/');
      await hand.type('vpcp kstt');
      await hand.press('Enter');
      await page.waitForURL(/\/search/);
      await t.sees(page, /VPCP-KSTT/);
    },
    clicks: 1,
  },
  {
    name: 'print a range of the register, 3',
    as: 'vanthu.phutho',
    async run(t, page, hand) {
      await hand.click(page.locator('.rail a', { hasText: 'Sổ văn bản' }));
      await hand.click(page.getByLabel('Từ số'));
      await hand.type('11');
      await page.keyboard.press('Tab');
      await hand.type('20');
      await hand.click(page.getByRole('button', { name: 'In từ số' }));
      await page.waitForURL(/print=1/);
      assert.equal(await page.locator('.table--register tbody tr').count(), 10);
      await t.look(page);
    },
    clicks: 3,
  },
  {
    name: 'delegate while away, 4',
    as: 'phochutich2.phutho',
    async run(t, page, hand) {
      await hand.click('summary.who');
      await hand.click(page.locator('.menu__list a', { hasText: 'Ủy quyền' }));
      await hand.click(page.locator('select[name=to_person]'));
      // A list that is open chooses by the letters of a name, and Tab leaves it.
      const colleague = page.locator('select[name=to_person] option', { hasText: 'Phan Thị Mai Lộc' });
      await page.locator('select[name=to_person]').selectOption(await colleague.getAttribute('value'));
      await page.locator('input[name=reason]').focus();
      await hand.type('đi công tác');
      await hand.click(page.getByRole('button', { name: 'Ủy quyền', exact: false }).last());
      await t.sees(page, 'Đã ủy quyền cho Phan Thị Mai Lộc');
      await t.look(page);
    },
    clicks: 4,
  },
];

export default budgets.map(({ name, as, host, clicks, run }) => ({
  name,
  async run(t) {
    const page = await t.signIn(as, host);
    const hand = t.counted(page);
    await run(t, page, hand);
    assert.ok(hand.count <= clicks, `${hand.count} presses, ${clicks} allowed`);
  },
}));

/** The first row whose expected act has this word. */
function rowWith(page, word) {
  return page.locator('.qrow', { has: page.locator('.qrow__act', { hasText: word }) }).first();
}

/** A letter comes to the head's desk, where none was left. */
async function toTheHead(t, page) {
  const clerk = await t.at('vanthu.phutho');
  const subject = await rowWith(clerk, 'Tiếp nhận').locator('.qrow__title').innerText();
  await act(t, clerk, subject);
  await direct(t, await t.at('chutich.phutho'), subject, 'Phòng Khoa giáo – Văn xã');
  await page.reload();
  return subject;
}

/** The same, on to the officer's desk. */
async function toTheOfficer(t, page) {
  const subject = await toTheHead(t, page);
  await assign(t, await t.at('truongphong.kgvx.phutho'), subject, 'Đinh Thu Quế');
  await page.reload();
}
