// The words of these scripts in the page's language (book/_ext/languages.py), with their {places} filled.
export const tr = (text, values = {}) =>
  (globalThis.latentwalkWords?.[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
