// Makes app.css: KERN's core, patched and purged, below our own layers. Reads a JSON object
// {words, css} on standard input, writes the minified sheet to standard output.
import { readFileSync } from "node:fs";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";
import { compileString } from "sass";

const { words, css } = JSON.parse(readFileSync(0, "utf8"));

// The comments keep the theme switch from being purged, which would silently disable the dark theme.
const source = `@use "sass:meta";
@layer kern {
  @include meta.load-css("@kern-ux/native/src/scss/core/global");
  @include meta.load-css("@kern-ux/native/src/scss/core/tokens");
  /* purgecss start ignore */
  @include meta.load-css("@kern-ux/native/src/scss/core/layers");
  /* purgecss end ignore */
  @include meta.load-css("@kern-ux/native/src/scss/core/components");
  @include meta.load-css("@kern-ux/native/src/scss/core/typography");
}`;

// An important rule in a lower layer beats everything above, so these two are changed here.
const patches = [
  // forced colours: every icon would be white on white
  [/background-color: var\(--kern-color-white\) !important;/g, "background-color: CanvasText !important;"],
  // text areas: padding set on every textarea of the page
  [
    /padding: var\(--kern-metric-space-small, 8px\) var\(--kern-metric-space-default, 16px\) !important;/g,
    "padding: var(--kern-metric-space-small, 8px) var(--kern-metric-space-default, 16px);",
  ],
];

let kern = compileString(source, { loadPaths: ["node_modules"], quietDeps: true }).css;
for (const [pattern, replacement] of patches) {
  if (!pattern.test(kern)) throw new Error(`KERN has changed, nothing matches ${pattern}`);
  kern = kern.replace(pattern, replacement);
}

const [purged] = await new PurgeCSS().purge({
  content: [{ raw: words.join(" "), extension: "html" }],
  css: [{ raw: kern }],
  variables: false,
  safelist: { standard: [/^kern-(light|dark)/, /kern-theme/] },
});

const { code } = transform({
  filename: "app.css",
  code: Buffer.from(`@layer reset, kern, sc;\n${purged.css}\n${css}`),
  minify: true,
  targets: { chrome: 123 << 16, firefox: 128 << 16, safari: (17 << 16) | (5 << 8) },
});
process.stdout.write(code);
