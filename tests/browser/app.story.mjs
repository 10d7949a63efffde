// The product like a program of its own: it can be installed, says when nobody answers, keeps no data of anybody, and
// shows notices that lead to their page.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { THEMES, wear } from './lib.mjs';

export default [
  { name: 'a browser may install it, in each theme with its colour', run: installs },
  { name: 'when nobody answers a page says so, and nothing of anybody is kept', run: offline },
  { name: 'a notice is shown, an urgent one stays, and it leads to its page', run: notices },
  { name: 'devices are switched on with a reason when it cannot be', run: devices },
];

async function installs(t) {
  const page = await t.visitor();
  await page.goto(t.address('/sign-in'));
  const { errors, data } = await (await page.context().newCDPSession(page)).send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.match(manifest.name, /^Văn Lang · .+/);
  assert.deepEqual([manifest.scope, manifest.start_url, manifest.display], ['/', '/', 'standalone']);
  assert.ok(manifest.icons.some((icon) => icon.purpose === 'maskable'));
  for (const icon of manifest.icons.filter(({ type }) => type === 'image/png')) {
    const size = await page.evaluate(async (src) => {
      const picture = await createImageBitmap(await (await fetch(src)).blob());
      return `${picture.width}x${picture.height}`;
    }, icon.src);
    assert.equal(size, icon.sizes, icon.src);
  }
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Each story has a profile that is thrown away, from which nothing is installed.
  const problems = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
  assert.deepEqual(problems, []);
  const colours = new Set();
  for (const theme of THEMES) {
    await wear(page, theme);
    const [colour, paper] = await page.evaluate(() => {
      const metas = [...document.querySelectorAll('meta[name=theme-color]')];
      const meta = metas.find((one) => !one.media || matchMedia(one.media).matches);
      return [meta.content, getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()];
    });
    assert.equal(colour, paper, theme);
    colours.add(colour);
  }
  assert.equal(colours.size, THEMES.length);
}

async function offline(t) {
  // A door of our own before the server, which can be shut.
  const door = await openDoor(t.demo.port);
  const address = (path) => `http://localhost:${door.port}${path}`;
  const page = await t.visitor({ viewport: { width: 360, height: 800 } });
  await page.goto(address('/demo?q=chutich.phutho'));
  await Promise.all([
    page.waitForURL((url) => url.pathname !== '/demo'),
    page.locator('[data-login="chutich.phutho"]').getByRole('button').first().click(),
  ]);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  for (const path of ['/', '/documents/incoming', '/notices', '/settings']) await page.goto(address(path));
  const kept = await page.evaluate(async () => {
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(stores.map((store) => store.keys()))).flat();
    return requests.map((request) => new URL(request.url).pathname);
  });
  assert.ok(kept.includes('/offline') && kept.some((path) => path.endsWith('.css')), `only ${kept}`);
  assert.deepEqual(kept.filter((path) => path !== '/offline' && !path.startsWith('/assets/')), []);
  const words = await page.evaluate(async () => (await (await caches.match('/offline')).text()));
  assert.ok(!words.includes('phutho') && !words.includes('Phú Thọ'), 'the page is nobody’s');

  door.shut();
  await page.goto(address('/documents/incoming'));
  await t.sees(page, 'Không kết nối được máy chủ');
  await t.sees(page, 'The server cannot be reached');
  assert.equal(new URL(page.url()).pathname, '/documents/incoming', 'the address stays');
  assert.equal(await page.evaluate(() => document.fonts.size > 0 && document.styleSheets.length), 1, 'dressed like the others');
  await t.axe(page);
  await door.open();
  await page.getByRole('link', { name: 'Thử lại' }).click();
  await page.waitForFunction(() => document.querySelector('.rail') !== null);
  assert.equal(new URL(page.url()).pathname, '/documents/incoming');
  door.shut();
}

async function notices(t) {
  const page = await t.signIn('chutich.phutho');
  const context = page.context();
  await context.grantPermissions(['notifications'], { origin: t.address('') });
  await page.goto(t.address('/'));
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const session = await context.newCDPSession(page);
  const registered = new Promise((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations.length > 0) resolve(registrations[0].registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registered;
  const deliver = (notice) => session.send('ServiceWorker.deliverPushMessage', {
    origin: t.address(''), registrationId, data: JSON.stringify(notice),
  });
  await deliver({ title: 'Hỏa tốc: 12/UBND', path: '/documents/incoming', tag: 'a', urgent: true });
  await deliver({ title: 'Thường: 13/UBND', path: '/documents/outgoing', tag: 'b', urgent: false });
  const [first, second] = (await shown(page, 2)).sort((a, b) => a.title.localeCompare(b.title));
  assert.deepEqual(first, { title: 'Hỏa tốc: 12/UBND', requireInteraction: true, silent: false, data: '/documents/incoming' });
  assert.deepEqual([second.requireInteraction, second.silent], [false, true]);

  const [worker] = context.serviceWorkers();
  const press = (path) => worker.evaluate(async (wanted) => {
    const notification = (await self.registration.getNotifications()).find(({ data }) => data === wanted);
    // Only the browser itself may make the real event.
    let work;
    const pressed = Object.assign(new Event('notificationclick'), { notification, waitUntil: (given) => { work = given; } });
    self.dispatchEvent(pressed);
    await work;
  }, path);
  await Promise.all([page.waitForURL((url) => url.pathname === '/documents/incoming'), press('/documents/incoming')]);
  // A page of another address than the desk is left alone: somebody may be writing there.
  assert.equal(new URL(page.url()).pathname, '/documents/incoming');
  await page.goto(t.address('/notices'));
  await deliver({ title: 'Nơi khác', path: 'https://elsewhere.example/x', tag: 'c' });
  await shown(page, 2);
  await press('https://elsewhere.example/x');
  assert.equal(new URL(page.url()).host, new URL(t.address('')).host, 'never to another site');
}

async function devices(t) {
  const page = await t.signIn('chutich.phutho', 'localhost', { viewport: { width: 360, height: 800 }, hasTouch: true });
  await page.goto(t.address('/settings/devices'));
  await t.look(page);
  await page.context().clearPermissions();
  await page.getByRole('button', { name: 'Bật thông báo trên thiết bị này' }).click();
  // Whoever may not, or cannot here, is told why; nothing is sent.
  const said = page.locator('[data-push-says]');
  await page.waitForFunction(() => document.querySelector('[data-push-says]').textContent !== '');
  assert.match(await said.innerText(), /đang chặn thông báo|Chưa kết nối được máy chủ thông báo/);
  assert.equal(new URL(page.url()).pathname, '/settings/devices');
  await page.getByLabel('Giờ yên lặng từ').selectOption('22:00');
  await page.getByLabel('đến', { exact: true }).selectOption('06:00');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await t.sees(page, 'Đã lưu cách nhận thông báo');
  assert.equal(await page.getByLabel('Giờ yên lặng từ').inputValue(), '22:00');
}

/** The notices on the screen, as soon as there are so many. */
async function shown(page, n) {
  for (let tries = 0; tries < 50; tries += 1) {
    const all = await page.evaluate(async () => {
      const notices = await (await navigator.serviceWorker.ready).getNotifications();
      return notices.map(({ title, requireInteraction, silent, data }) => ({ title, requireInteraction, silent, data }));
    });
    if (all.length === n) return all;
    await page.waitForTimeout(100);
  }
  return assert.fail(`no ${n} notices are shown`);
}

/** A port that leads to the server while it is open. */
async function openDoor(to) {
  const sockets = new Set();
  const make = (port) => new Promise((resolve) => {
    const server = createServer((near) => {
      const far = connect(to, '127.0.0.1');
      for (const [one, other] of [[near, far], [far, near]]) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => { sockets.delete(one); other.destroy(); });
        one.pipe(other);
      }
    });
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
  let server = await make(0);
  const { port } = server.address();
  return {
    port,
    shut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    async open() {
      server = await make(port);
    },
  };
}
