// S24, the clerk time test: every job of jobs.mjs within its presses, by the pointer and then by the keyboard alone, and no
// barrier on the screens it crosses.
import assert from 'node:assert/strict';
import { tellEach } from './jobs.mjs';
import {
  PIN, act, approveAndIssue, assign, choose, direct, handIn, idOf, lock, press, scanned, takenOut, task, variants,
} from './office.mjs';

export default tellEach({
  async accept(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await hand.click(rowWith(page, 'Tiếp nhận').locator('.qrow__title'));
    await hand.click(page.locator('#act').getByRole('button', { name: 'Tiếp nhận & trình' }));
    await t.sees(page, /Đã vào sổ số đến \d+/);
    await within(t, hand, how);
  },

  async 'accept-twenty'(t, how) {
    const clerk = how.hand === 'pointer' ? 'vanthu.tamnong' : 'vanthu.phuninh';
    const { page, hand } = await at(t, how, clerk);
    await handIn(t, page, variants(await takenOut(t), 20));
    await t.sees(page, 'Đã đọc 20 trên 20 tệp');
    await page.goto(t.address('/'));
    await hand.click(page.locator('.rail a', { hasText: 'Chờ tiếp nhận' }));
    await page.waitForURL(/kind=/);
    const n = await page.locator('.qrow__pick input').count();
    assert.ok(n >= 20, `only ${n} letters wait`);
    await hand.click('[data-pick-all]');
    await hand.click(page.locator('.batch .btn--primary'));
    await t.sees(page, `Đã vào sổ ${n} văn bản`);
    await within(t, hand, how);
  },

  async reject(t, how) {
    const { page, hand } = await at(t, how, how.hand === 'pointer' ? 'vanthu.xa.caoxa' : 'vanthu.lamthao');
    await hand.click(rowWith(page, 'Tiếp nhận').locator('.qrow__title'));
    await hand.click(page.locator('#act summary', { hasText: 'Trả lại nơi gửi' }));
    await hand.type('Gửi sai nơi nhận: nội dung thuộc thẩm quyền của nơi khác.');
    await hand.click(page.locator('#act').getByRole('button', { name: 'Trả lại nơi gửi' }));
    await t.sees(page, 'Đã trả lại nơi gửi');
    await within(t, hand, how);
  },

  async paper(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    const number = how.hand === 'pointer' ? 751 : 752;
    await hand.click(page.locator('.rail a', { hasText: 'Quét văn bản giấy' }));
    await page.waitForURL(/\/scan$/);
    const choosing = page.waitForEvent('filechooser');
    await hand.click(page.locator('.pages .field input[type=file]'));
    await (await choosing).setFiles(scanned(number, `rà soát mốc giới, lần ${number}`).one);
    await hand.click(page.getByRole('button', { name: 'Đọc bản quét' }));
    await page.waitForURL(/\/scan\/[0-9a-f-]{36}$/);
    await page.locator('#paper').waitFor();
    await hand.click(page.locator('#paper').getByRole('button', { name: 'Vào sổ & trình' }));
    await t.sees(page, new RegExp(`Đã vào sổ số đến \\d+: ${number}/STNMT-VP`));
    await within(t, hand, how);
  },

  async direct(t, how) {
    const { page, hand } = await at(t, how, 'chutich.phutho');
    await hand.click(rowWith(page, 'Cho ý kiến').locator('.qrow__title'));
    await hand.click(page.locator('#act').getByRole('button', { name: 'Cho ý kiến & chuyển' }).first());
    await t.sees(page, /Đã giao .+ chủ trì/);
    await within(t, hand, how);
  },

  async 'direct-otherwise'(t, how) {
    const { page, hand } = await at(t, how, 'chutich.phutho');
    await hand.click(rowWith(page, 'Cho ý kiến').locator('.qrow__title'));
    await hand.choose(page.locator('select[name=lead]'), 'Phòng Khoa giáo – Văn xã');
    await hand.click(page.locator('#act textarea[name=instruction]'));
    await hand.write(page.locator('#act textarea[name=instruction]'), 'Báo cáo tôi trước ngày họp giao ban.');
    await hand.click(page.locator('#act').getByRole('button', { name: 'Cho ý kiến & chuyển' }).first());
    await t.sees(page, 'Đã giao Phòng Khoa giáo – Văn xã chủ trì');
    await within(t, hand, how);
  },

  async sign(t, how) {
    const { page, hand } = await at(t, how, 'phochutich.phutho');
    await hand.click(rowWith(page, 'Duyệt').locator('.qrow__title'));
    await hand.write(page.locator('#act input[name=pin]'), PIN);
    await hand.click(page.locator('#act').getByRole('button', { name: 'Ký số' }).first());
    await t.sees(page, 'Đã ký số');
    await within(t, hand, how);
  },

  async 'sign-all'(t, how) {
    const above = how.hand === 'pointer';
    const { page, hand } = await at(t, how, above ? 'phochunhiem.vpcp' : 'phochutich.phutho', above ? 'chinhphu.localhost' : undefined);
    await hand.click(page.locator('.tabs a', { hasText: 'Duyệt, ký' }));
    await page.waitForURL(/kind=/);
    await hand.write(page.locator('form.queue input[name=pin]'), PIN);
    await hand.click('[data-pick-all]');
    await hand.click(page.locator('.batch .btn--primary'));
    await t.sees(page, /Đã ký số \d+ văn bản/);
    await within(t, hand, how);
  },

  async assign(t, how) {
    await toTheHead(t);
    const { page, hand } = await at(t, how, 'truongphong.kgvx.phutho');
    await hand.click(rowWith(page, 'Phân công').locator('.qrow__title'));
    await hand.click(page.locator('#act').getByRole('button', { name: 'Phân công' }));
    await t.sees(page, /Đã phân công .+/);
    await within(t, hand, how);
  },

  async approve(t, how) {
    const subject = await drafted(t);
    const { page, hand } = await at(t, how, 'truongphong.kgvx.phutho');
    await hand.click((await task(t, page, subject)).locator('.qrow__title'));
    await hand.click(page.locator('#act').getByRole('button', { name: 'Duyệt nội dung' }).first());
    await t.sees(page, /Đã duyệt nội dung/);
    await within(t, hand, how);
  },

  async return(t, how) {
    const subject = await drafted(t);
    const { page, hand } = await at(t, how, 'truongphong.kgvx.phutho');
    await hand.click((await task(t, page, subject)).locator('.qrow__title'));
    await hand.click(page.locator('#act summary', { hasText: 'Trả lại người soạn' }));
    await hand.type('Bổ sung số liệu quý trước để so sánh.');
    await hand.click(page.locator('#act').getByRole('button', { name: 'Trả lại', exact: true }));
    await t.sees(page, 'Đã trả lại người soạn');
    await within(t, hand, how);
  },

  async reply(t, how) {
    const subject = await toTheOfficer(t);
    const { page, hand } = await at(t, how, 'chuyenvien.kgvx.phutho');
    await hand.click((await task(t, page, subject)).locator('.qrow__title'));
    await hand.click(page.getByRole('button', { name: 'Soạn văn bản trả lời' }));
    await page.waitForURL(/\/edit$/);
    assert.equal(hand.count, 2);
    assert.match(await page.locator('textarea[name=body]').inputValue(), /Thực hiện .+ báo cáo như sau/);
    assert.ok((await page.locator('.picker .token').count()) > 0, 'the sender is the addressee');
    const words = page.getByRole('textbox', { name: 'Nội dung văn bản' });
    if (how.hand === 'pointer') await hand.click(words);
    else await hand.moveTo(words);
    await hand.type('Kết quả: đã hoàn thành. ');
    await hand.click(page.getByRole('button', { name: 'Trình duyệt' }));
    await t.sees(page, 'Đã trình trưởng đơn vị');
    await within(t, hand, how);
  },

  async issue(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await hand.click(rowWith(page, 'phát hành').locator('.qrow__title'));
    const districts = page.locator('#act .tap', { hasText: '13 huyện' }).locator('input');
    if (!(await districts.isChecked())) await hand.click(districts);
    const pin = page.locator('#act input[name=pin]');
    if ((await pin.count()) > 0) await hand.write(pin, PIN);
    await hand.click(page.locator('#act').getByRole('button', { name: 'phát hành' }));
    await t.sees(page, /Đã phát hành \d+/);
    await within(t, hand, how);
  },

  async 'not-received'(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await hand.click(rowWith(page, 'Gửi lại').locator('.qrow__title'));
    await page.waitForURL(/\/tracking/);
    await t.sees(page, /trả lại văn bản|chưa nhận được văn bản/);
    await within(t, hand, how);
  },

  async recall(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await page.goto(t.address('/documents/outgoing?status=issued'));
    await hand.click(page.locator('a', { hasText: '/290' }).nth(how.hand === 'pointer' ? 0 : 1));
    await askBack(page, hand);
    await t.sees(page, /đã yêu cầu lấy lại từ \d+ nơi/);
    await within(t, hand, how);
  },

  async 'give-back'(t, how) {
    const subject = await drafted(t);
    await approveAndIssue(t, subject, { head: 'truongphong.kgvx.phutho', clerk: 'vanthu.phutho', leader: 'phochutich.phutho' });
    const sender = await t.at('vanthu.phutho');
    await act(t, await t.at('vanthu.lamthao'), subject);
    await sender.goto(t.address(`/documents/outgoing/${idOf(sender)}/tracking`));
    await askBack(sender, t.counted(sender));
    await t.sees(sender, /đã yêu cầu lấy lại từ 1 nơi/);
    const { page, hand } = await at(t, how, 'vanthu.lamthao');
    await waitsFor(t, page, '/?kind=documents.task.recall');
    await hand.click(page.locator('.qrow__title', { hasText: subject }));
    await hand.click(page.getByRole('button', { name: 'Đồng ý trả lại' }));
    await t.sees(page, /bản ở đây đã bị hủy/);
    await within(t, hand, how);
  },

  async remind(t, how) {
    const { page, hand } = await at(t, how, 'chutich.phutho');
    await hand.click(page.locator('.rail a', { hasText: 'Bảng điều hành' }));
    await page.waitForURL(/\/board$/);
    await hand.click(page.getByRole('button', { name: 'Đôn đốc tất cả' }));
    // Nobody is reminded outside office hours; the page says so, after as many presses.
    await t.sees(page, /Đã (đôn đốc|gửi) \d+|Ngoài giờ làm việc không gửi đôn đốc/);
    await within(t, hand, how);
  },

  async opinion(t, how) {
    const asking = await t.at('chutich.phutho');
    await asking.goto(t.address('/documents/opinions/new'));
    const question = `Thống nhất lịch tiếp công dân ${Date.now() % 10_000}?`;
    await asking.locator('[name=question]').fill(question);
    await asking.locator('.tap', { hasText: 'Phan Thị Mai Lộc' }).locator('input').first().check();
    await asking.locator('#opinion').getByRole('button').last().click();
    await t.sees(asking, question);
    const { page, hand } = await at(t, how, 'phochutich.phutho');
    await hand.click((await task(t, page, question)).locator('.qrow__title'));
    await hand.click(page.locator('[aria-labelledby=mine]').getByRole('button', { name: 'Đồng ý', exact: true }).first());
    await t.sees(page, /Đã ghi nhận|Đồng ý/);
    await within(t, hand, how);
  },

  async close(t, how) {
    await keepsADossier(t, how);
    const subject = await toTheOfficer(t);
    const { page, hand } = await at(t, how, 'chuyenvien.kgvx.phutho');
    await hand.click((await task(t, page, subject)).locator('.qrow__title'));
    await hand.click(page.getByRole('button', { name: 'Kết thúc' }));
    await t.sees(page, 'Đã kết thúc');
    assert.equal(hand.count, 2);
    await hand.click(page.locator('.head a[href^="/archives/file"]'));
    await page.waitForURL(/archives\/file/);
    // The only dossier one keeps is chosen already; of several one is ticked.
    const dossier = page.locator('input[name=dossiers]');
    if ((await dossier.count()) > 1) await dossier.last().check();
    await hand.click(page.getByRole('button', { name: /Đưa vào/ }).first());
    await t.sees(page, 'Đã đưa văn bản vào 1 hồ sơ.');
    await within(t, hand, how);
  },

  async find(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    // The key / is part of writing: it is no pointer press and no Enter.
    await hand.type('/');
    await hand.type('vpcp kstt');
    await hand.press('Enter');
    await page.waitForURL(/\/search/);
    await t.sees(page, /VPCP-KSTT/);
    await within(t, hand, how);
  },

  async print(t, how) {
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await hand.click(page.locator('.rail a', { hasText: 'Sổ văn bản' }));
    const from = page.getByLabel('Từ số');
    await from.waitFor();
    if (how.hand === 'pointer') await hand.click(from);
    else await hand.moveTo(from);
    await hand.type('11');
    await page.keyboard.press('Tab');
    await hand.type('20');
    await hand.click(page.getByRole('button', { name: 'In từ số' }));
    await page.waitForURL(/print=1/);
    assert.equal(await page.locator('.table--register tbody tr').count(), 10);
    await within(t, hand, how);
  },

  async delegate(t, how) {
    const [who, to] = how.hand === 'pointer'
      ? ['phochutich2.phutho', 'Phan Thị Mai Lộc'] : ['truongphong.kgvx.phutho', 'Đinh Thu Quế'];
    const { page, hand } = await at(t, how, who);
    await hand.click('summary.who');
    await hand.click(page.locator('.menu__list a', { hasText: 'Ủy quyền' }));
    await page.waitForURL(/\/delegation$/);
    await hand.choose(page.locator('select[name=to_person]'), to);
    await hand.write(page.locator('input[name=reason]'), 'đi công tác');
    await hand.click(page.getByRole('button', { name: 'Ủy quyền', exact: false }).last());
    await t.sees(page, `Đã ủy quyền cho ${to}`);
    await within(t, hand, how);
  },

  async resend(t, how) {
    const commune = how.hand === 'pointer' ? 'UBND xã Thượng Cửu' : 'UBND xã Tân Lập';
    const subject = await undelivered(t, commune);
    const { page, hand } = await at(t, how, 'vanthu.phutho');
    await hand.click((await task(t, page, subject, { seconds: 60 })).locator('.qrow__title'));
    await hand.click(page.getByRole('button', { name: 'Gửi lại ngay' }));
    await t.sees(page, `tới ${commune}.`);
    await within(t, hand, how);
  },
});

/** Somebody at their desk, and the hand they work with. */
async function at(t, { hand }, username, host) {
  const page = await t.at(username, host);
  await page.goto(t.address('/', host));
  return { page, hand: hand === 'pointer' ? t.counted(page) : t.keyboard(page) };
}

/** Within the presses, and the screen it ends on has no barrier either. */
async function within(t, hand, { presses }) {
  assert.ok(hand.count <= presses, `${hand.count} presses, ${presses} allowed`);
  await t.glance(hand.page);
}

/** The first row whose expected act has this word. */
function rowWith(page, word) {
  return page.locator('.qrow', { has: page.locator('.qrow__act', { hasText: word }) }).first();
}

/** On the tracking page: the document is asked back from those who still have it. */
async function askBack(page, hand) {
  const card = page.locator('[aria-labelledby=recall]');
  await hand.click(card.locator('summary').first());
  // Whoever opens it stands in its first field.
  await card.locator('textarea:focus').waitFor();
  await hand.type('Ban hành nhầm phụ lục.');
  await hand.click(card.getByRole('button').last());
}

/** The queue at this address, once something waits in it. */
async function waitsFor(t, page, path) {
  const until = Date.now() + 180_000;
  do {
    assert.ok(Date.now() < until, `nothing came to ${path}`);
    await page.goto(t.address(path));
  } while ((await page.locator('.qrow__title').count()) === 0);
}

/** A letter comes to the head's desk. */
async function toTheHead(t) {
  const clerk = await t.at('vanthu.phutho');
  await clerk.goto(t.address('/'));
  const subject = await rowWith(clerk, 'Tiếp nhận').locator('.qrow__title').innerText();
  await act(t, clerk, subject);
  await direct(t, await t.at('chutich.phutho'), subject, 'Phòng Khoa giáo – Văn xã');
  return subject;
}

/** The same, on to the officer's desk. */
async function toTheOfficer(t) {
  const subject = await toTheHead(t);
  await assign(t, await t.at('truongphong.kgvx.phutho'), subject, 'Đinh Thu Quế');
  return subject;
}

/** The officer keeps a dossier to put documents in. */
async function keepsADossier(t, { hand }) {
  const officer = await t.at('chuyenvien.kgvx.phutho');
  await officer.goto(t.address('/archives/dossiers/new'));
  await officer.locator('[name=notation]').fill(hand === 'pointer' ? '91.KGVX' : '92.KGVX');
  await officer.locator('[name=title]').fill('Văn bản khoa giáo');
  await press(officer, 'Mở hồ sơ');
}

/** A draft the officer has submitted, for one district or for a group. */
async function drafted(t, group) {
  const subject = `Rà soát hồ sơ lưu trữ ${Date.now() % 1_000_000}`;
  const officer = await t.at('chuyenvien.kgvx.phutho');
  await officer.goto(t.address('/documents/outgoing/new'));
  await officer.getByLabel('Trích yếu').fill(subject);
  await officer.getByRole('textbox', { name: 'Nội dung văn bản' }).fill('UBND tỉnh đề nghị rà soát./.');
  if (group) await officer.locator('.tap', { hasText: group }).locator('input').check();
  else await choose(officer, 'huyen lam thao', 'UBND huyện Lâm Thao');
  await press(officer, 'Trình duyệt');
  assert.ok(idOf(officer));
  return subject;
}

/** A document that could not be delivered to a commune, which may be reached again now. */
async function undelivered(t, commune) {
  await lock(t, commune, true);
  const subject = await drafted(t, '277 xã');
  await approveAndIssue(t, subject, { head: 'truongphong.kgvx.phutho', clerk: 'vanthu.phutho', leader: 'phochutich.phutho' });
  const clerk = await t.at('vanthu.phutho');
  await task(t, clerk, subject, { seconds: 60 });
  await lock(t, commune, false);
  return subject;
}
