// S1 and S2: a letter goes down from the Government to a commune, and its answer comes back up.
import { act, approveAndIssue, assign, choose, direct, GOVERNMENT, idOf, open, press, task, tracked } from './office.mjs';

const PEOPLE = {
  government: { head: 'cuctruong.kstt.vpcp', clerk: 'vanthu.vpcp', leader: 'phochunhiem.vpcp', host: GOVERNMENT },
  province: { head: 'truongphong.kgvx.phutho', clerk: 'vanthu.phutho', leader: 'phochutich.phutho' },
  district: { head: 'truongphong.vhtt.lamthao', clerk: 'vanthu.lamthao', leader: 'chutich.lamthao' },
  commune: { clerk: 'vanthu.xa.caoxa', leader: 'chutich.xa.caoxa' },
};

export default async function (t) {
  const subject = 'Rà soát việc gửi, nhận văn bản điện tử bốn cấp';
  const sent = await fromTheGovernment(t, subject);
  const down = await throughTheProvince(t, subject, sent);
  const last = await throughTheDistrict(t, down, sent);
  await theCommuneAnswers(t, last);
  await theAnswerComesUp(t, { last, down, sent });
}

/** An officer of the Government writes, and the letter leaves after three approvals. */
async function fromTheGovernment(t, subject) {
  const officer = await t.at('chuyenvien.kstt.vpcp', GOVERNMENT);
  await officer.goto(t.address('/documents/outgoing/new', GOVERNMENT));
  await officer.getByLabel('Trích yếu').fill(subject);
  await officer.getByRole('textbox', { name: 'Nội dung văn bản' }).fill('Văn phòng Chính phủ đề nghị báo cáo số liệu./.');
  await choose(officer, 'tinh phu tho', 'UBND tỉnh Phú Thọ');
  await press(officer, 'Trình duyệt');
  await t.look(officer);
  const id = idOf(officer);
  await approveAndIssue(t, subject, PEOPLE.government);
  const clerk = await t.at('vanthu.vpcp', GOVERNMENT);
  await tracked(t, clerk, id, ['UBND tỉnh Phú Thọ', 'Đã đến'], { seconds: 5 });
  await t.look(clerk);
  return id;
}

async function throughTheProvince(t, subject, sent) {
  const { clerk } = PEOPLE.province;
  const above = await t.at('vanthu.vpcp', GOVERNMENT);
  await act(t, await t.at(clerk), subject);
  await tracked(t, above, sent, ['UBND tỉnh Phú Thọ', 'Đã vào sổ']);
  await direct(t, await t.at('chutich.phutho'), subject, 'Phòng Khoa giáo – Văn xã');
  await tracked(t, above, sent, ['UBND tỉnh Phú Thọ', 'Đã phân công']);
  await assign(t, await t.at('truongphong.kgvx.phutho'), subject, 'Đinh Thu Quế');
  const officer = await t.at('chuyenvien.kgvx.phutho');
  await passDown(t, officer, subject, { group: '13 huyện', letters: 'huyen lam thao', name: 'UBND huyện Lâm Thao' });
  await tracked(t, above, sent, ['UBND tỉnh Phú Thọ', 'Đang xử lý']);
  const id = idOf(officer);
  await approveAndIssue(t, subject, PEOPLE.province);
  await tracked(t, await t.at(clerk), id, ['UBND huyện Lâm Thao', 'Đã đến'], { seconds: 5 });
  return id;
}

async function throughTheDistrict(t, down, sent) {
  const subject = 'Rà soát việc gửi, nhận văn bản điện tử bốn cấp'.toLowerCase();
  const { clerk, leader, head } = PEOPLE.district;
  await act(t, await t.at(clerk), subject);
  await direct(t, await t.at(leader), subject, 'Phòng Văn hóa và Thông tin');
  await assign(t, await t.at(head), subject, 'Chuyên viên');
  await tracked(t, await t.at('vanthu.phutho'), down, ['UBND huyện Lâm Thao', 'Đã phân công']);
  // What the district does below is not the Government's to see; the province's own state is.
  await tracked(t, await t.at('vanthu.vpcp', GOVERNMENT), sent, ['UBND tỉnh Phú Thọ', 'Đang xử lý']);
  const officer = await t.at('chuyenvien.vhtt.lamthao');
  await passDown(t, officer, subject, { group: '14 xã', letters: 'xa cao xa', name: 'UBND xã Cao Xá' });
  const id = idOf(officer);
  await approveAndIssue(t, subject, PEOPLE.district);
  await tracked(t, await t.at(clerk), id, ['UBND xã Cao Xá', 'Đã đến'], { seconds: 5 });
  return id;
}

async function theCommuneAnswers(t, last) {
  const subject = 'văn bản điện tử bốn cấp';
  const { clerk, leader } = PEOPLE.commune;
  await act(t, await t.at(clerk), subject);
  await direct(t, await t.at(leader), subject, 'Văn phòng – Thống kê');
  const officer = await t.at('congchuc.xa.caoxa');
  await t.sees(await opened(t, officer, subject), 'Cấp xã');
  await answer(t, officer);
  await tracked(t, await t.at('vanthu.lamthao'), last, ['UBND xã Cao Xá', 'Đang xử lý']);
  await approveAndIssue(t, subject, PEOPLE.commune);
  // The answer closes the work of the commune; nobody presses anything for it.
  await tracked(t, await t.at('vanthu.lamthao'), last, ['UBND xã Cao Xá', 'Hoàn thành']);
}

async function theAnswerComesUp(t, { down, sent }) {
  const subject = 'văn bản điện tử bốn cấp';
  // The commune's answer is a letter like any other: the district's clerk finds it waiting.
  await act(t, await t.at('vanthu.lamthao'), 'Trả lời Công văn');
  const district = await t.at('chuyenvien.vhtt.lamthao');
  await opened(t, district, subject);
  await answer(t, district);
  await approveAndIssue(t, subject, PEOPLE.district);
  await tracked(t, await t.at('vanthu.phutho'), down, ['UBND huyện Lâm Thao', 'Hoàn thành']);
  const province = await t.at('chuyenvien.kgvx.phutho');
  await opened(t, province, subject);
  await answer(t, province);
  await approveAndIssue(t, subject, PEOPLE.province);
  const above = await t.at('vanthu.vpcp', GOVERNMENT);
  await tracked(t, above, sent, ['UBND tỉnh Phú Thọ', 'Hoàn thành']);
  await task(t, above, 'Trả lời Công văn');
}

async function opened(t, page, subject) {
  await open(t, page, subject);
  return page;
}

/** From an incoming letter to a new one for one agency below, submitted. */
async function passDown(t, page, subject, { group, letters, name }) {
  await open(t, page, subject);
  await press(page, 'Chuyển cấp dưới');
  await page.locator('.tap', { hasText: group }).locator('input').uncheck();
  await choose(page, letters, name);
  await t.look(page);
  await press(page, 'Trình duyệt');
}

async function answer(t, page) {
  await press(page, 'Soạn văn bản trả lời');
  await t.look(page);
  await press(page, 'Trình duyệt');
}
