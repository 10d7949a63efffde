// Tells every story (*.story.mjs) against one demonstration province and closes with `N passed, N failed`.
//   node tests/browser/run.mjs [--stories FOLDER] [WORD]      only the stories whose name contains WORD
// A story exports `default async function (t)`, or a list of `{ name, run(t) }`; `t` is a Story of lib.mjs.
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { openBrowser, startDemo, Story, within } from './lib.mjs';

const STORY_MS_MAX = 420_000;

const { values, positionals } = parseArgs({
  options: { stories: { type: 'string', default: import.meta.dirname } },
  allowPositionals: true,
});
const [word = ''] = positionals;

const stories = await find(resolve(values.stories));
let failed = 0;
if (stories.length > 0) {
  const demo = await startDemo();
  const browser = await openBrowser();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => demo.stop().finally(() => process.exit(1)));
  }
  try {
    for (const story of stories) failed += (await tell(story, browser, demo)) ? 0 : 1;
  } finally {
    await browser.close();
    await demo.stop();
  }
}
console.log(`${stories.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function find(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.story.mjs')).sort();
  const found = [];
  for (const file of files) {
    const { default: told } = await import(pathToFileURL(join(folder, file)));
    const name = basename(file, '.story.mjs');
    if (typeof told === 'function') found.push({ name, run: told });
    else found.push(...told.map((one) => ({ name: `${name}: ${one.name}`, run: one.run })));
  }
  return found.filter(({ name }) => name.includes(word));
}

async function tell({ name, run }, browser, demo) {
  const begun = performance.now();
  const story = new Story(browser, demo, name);
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  try {
    await within(STORY_MS_MAX, run(story), () => 'the story takes too long');
    if (story.complaints.length > 0) throw new Error(story.complaints.join('\n'));
    console.log(`ok    ${name} (${seconds()})`);
    return true;
  } catch (error) {
    const folder = await story.keepEvidence();
    console.log(`FAIL  ${name} (${seconds()}), see ${folder}`);
    console.log(String(error.stack ?? error).replace(/^/gm, '      '));
    return false;
  } finally {
    await story.close();
  }
}
