// Takes a picture of each page of pages.json in three widths and three themes, into target/screenshots, and one for each
// page of help, as help.json says, in both languages, into modules/help/pictures.
//   node tests/browser/screenshots.mjs [WORD]      only the pages whose name or path contains WORD; `help`: only those
// A page is { name, path, host?, as?, open? }; `as` is the user who signs in, `host` the tenant's name, `open` the
// link to follow first, for pages whose address holds an id, `then` the one after it. Pictures of the help have the name of its page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser, startDemo, Story, THEMES, wear } from './lib.mjs';

const WIDTHS = [320, 768, 1440];
const HEIGHT = 900;
/** What modules/help/src/pictures.rs says of its pictures. */
const HELP = { width: 1200, height: 750, bytesMax: 48 * 1024 };
/** The screen they are taken of: wide enough for the act to stand beside the document. */
const DESK = { width: 1440, height: 900 };

const [word = ''] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const [pages, help] = [read('pages.json'), read('help.json')];
const demo = await startDemo();
const browser = await openBrowser();
const story = new Story(browser, demo, 'screenshots');
try {
  const wanted = ({ name, path }) => name.includes(word) || path.includes(word);
  for (const page of pages.filter((one) => word !== 'help' && wanted(one))) await picture(page);
  for (const page of help.filter((one) => word === 'help' || wanted(one))) {
    for (const language of ['vi', 'en']) await helpPicture(page, language);
  }
} finally {
  await story.close();
  await browser.close();
  await demo.stop();
}

async function opened({ path, host, as, open, then }) {
  const page = as ? await story.at(as, host) : await story.visitor();
  await page.goto(story.address(path, host));
  for (const link of [open, then].filter(Boolean)) {
    await page.goto(new URL(await page.locator(link).first().getAttribute('href'), page.url()).href);
  }
  return page;
}

async function picture(of) {
  const [page, { name }] = [await opened(of), of];
  for (const theme of THEMES) {
    await wear(page, theme);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      console.log(await story.shot(page, `${name}-${width}-${theme}`));
    }
  }
}

/** One picture of the help: light, small, the words in one language. Whoever is on it is invented. */
async function helpPicture(of, language) {
  const page = await opened(of);
  const { hostname } = new URL(page.url());
  await page.context().addCookies([{ name: '__Host-vl-lang', value: language, url: `https://${hostname}/`, secure: true }]);
  await page.setViewportSize(DESK);
  await wear(page, 'light');
  await page.waitForLoadState('networkidle');
  const session = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, ...DESK, scale: HELP.width / DESK.width };
  let bytes;
  for (const quality of [60, 50, 40, 30, 20]) {
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip });
    bytes = Buffer.from(data, 'base64');
    if (bytes.length <= HELP.bytesMax) break;
  }
  const folder = fileURLToPath(new URL(`../../modules/help/pictures/${language}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${of.name}.webp`, bytes);
  console.log(`help ${language} ${of.name} (${bytes.length} bytes)`);
}
