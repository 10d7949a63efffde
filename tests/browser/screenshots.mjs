// Takes a picture of each page of pages.json in three widths and three themes, into target/screenshots.
//   node tests/browser/screenshots.mjs [WORD]      only the pages whose name or path contains WORD
// A page is { name, path, host?, as?, open? }; `as` is the user who signs in, `host` the tenant's name, `open` the
// link to follow first, for pages whose address holds an id.
import { readFileSync } from 'node:fs';
import { openBrowser, startDemo, Story, THEMES, wear } from './lib.mjs';

const WIDTHS = [320, 768, 1440];
const HEIGHT = 900;

const [word = ''] = process.argv.slice(2);
const pages = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
const demo = await startDemo();
const browser = await openBrowser();
const story = new Story(browser, demo, 'screenshots');
try {
  for (const page of pages.filter(({ name, path }) => name.includes(word) || path.includes(word))) {
    await picture(page);
  }
} finally {
  await story.close();
  await browser.close();
  await demo.stop();
}

async function picture({ name, path, host, as, open }) {
  const page = as ? await story.signIn(as, host) : await story.visitor();
  await page.goto(story.address(path, host));
  if (open) {
    await page.locator(open).first().click();
    await page.waitForLoadState();
  }
  for (const theme of THEMES) {
    await wear(page, theme);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      console.log(await story.shot(page, `${name}-${width}-${theme}`));
    }
  }
}
