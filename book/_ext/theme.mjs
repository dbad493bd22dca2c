// Prunes the book's style sheet (theme.py runs it): JSON on stdin, {css, pages, scripts, widgets}, and on stdout, {whole, pruned}.
// A rule stays if an element of a page can match it, or if a script that runs in the pages names what it asks for.

import { readFileSync } from "node:fs";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

const { css, pages, scripts, widgets } = JSON.parse(readFileSync(0, "utf8"));

const TAG = /<([a-z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)/gi;
const ATTRIBUTE = /([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

// What stands in a page: of its text, nothing counts.
function elements(page) {
  const [tags, ids, classes, names, values] = Array.from({ length: 5 }, () => new Set());
  for (const [, tag, attributes] of page.matchAll(TAG)) {
    tags.add(tag.toLowerCase());
    for (const [, name, ...quoted] of attributes.matchAll(ATTRIBUTE)) {
      const value = quoted.find((one) => one !== undefined) ?? "";
      names.add(name);
      values.add(value);
      for (const word of value.split(/\s+/)) {
        values.add(word);
        if (name === "class") classes.add(word);
      }
      if (name === "id") ids.add(value);
    }
  }
  const attributes = { names: [...names], values: [...values] };
  return { tags: [...tags], ids: [...ids], classes: [...classes], attributes, undetermined: [] };
}

// What a script can add to a page: every word of it. What the widgets add has a style sheet of its own, but for its tags.
const words = (script) => script.match(/[\w-]+/g) ?? [];
const tags = (script) => ({ tags: words(script) });

// Icons come as icons.py draws them.
const ICON = /^\.fa[srb]?(-[\w-]+)?(::?(before|after))?$/;
const sheet = postcss.parse(css);
sheet.walkAtRules("font-face", (rule) => rule.remove());
sheet.walkRules((rule) => {
  if (rule.selectors.every((selector) => ICON.test(selector))) rule.remove();
});
sheet.walkComments((comment) => comment.remove());
const whole = sheet.toString();

const [pruned] = await new PurgeCSS().purge({
  css: [{ raw: whole }],
  content: [
    ...pages.map((page) => ({ raw: readFileSync(page, "utf8"), extension: "html" })),
    ...scripts.map((script) => ({ raw: readFileSync(script, "utf8"), extension: "js" })),
    ...widgets.map((script) => ({ raw: readFileSync(script, "utf8"), extension: "widget" })),
  ],
  extractors: [
    { extensions: ["html"], extractor: elements },
    { extensions: ["js"], extractor: words },
    { extensions: ["widget"], extractor: tags },
  ],
  // A state of any element; and figures are the readers' own to write, whatever their classes and colours are called.
  safelist: { standard: [/^:/], greedy: [/^(lw|widget|jupyter|jp|noUi)-/], variables: [/^--(lw|jp)-/] },
  variables: true,
});
process.stdout.write(JSON.stringify({ whole, pruned: pruned.css }));
