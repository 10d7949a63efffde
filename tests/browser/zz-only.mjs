import all from './jobs.story.mjs';
const want = new RegExp(process.env.ONLY ?? '.');
export default all.filter(({ name }) => want.test(name));
