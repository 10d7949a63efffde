// No barrier on any page of pages.json, in the light, the dark and the contrast theme. The name puts it first, while
// every desk still has all its tasks.
import { readFileSync } from 'node:fs';

const pages = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));

export default pages.map(({ name, path, host, as, open }) => ({
  name,
  async run(t) {
    const page = as ? await t.signIn(as, host) : await t.visitor();
    await page.goto(t.address(path, host));
    if (open) await page.goto(new URL(await page.locator(open).first().getAttribute('href'), page.url()).href);
    await t.look(page);
  },
}));
