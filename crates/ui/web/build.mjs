// Builds ../dist: app.js (htmx and our script), compose.js (the editor, for pages on which documents are written), sw.js
// (the worker) and the fonts with their licence.
import { build } from "esbuild";
import { copyFile, mkdir, rm, utimes } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
const font = new URL("node_modules/@fontsource/be-vietnam-pro/", import.meta.url);

await rm(dist, { recursive: true, force: true });
await mkdir(new URL("fonts/", dist), { recursive: true });
await build({
  entryPoints: { app: "src/main.ts", compose: "src/compose.ts", sw: "src/sw.ts" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  outdir: dist.pathname,
  bundle: true,
  minify: true,
  target: ["es2020"],
  format: "iife",
  legalComments: "inline",
  logLevel: "info",
});
for (const subset of ["latin", "vietnamese"]) {
  for (const weight of [400, 500, 600, 700]) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    await copyFile(new URL(`files/${name}`, font), new URL(`fonts/${name}`, dist));
  }
}
await copyFile(new URL("LICENSE", font), new URL("fonts/OFL.txt", dist));

// Cargo looks at build.rs alone while there is no dist, so tell it that there is something to embed.
const now = new Date();
await utimes(new URL("../build.rs", import.meta.url), now, now);
