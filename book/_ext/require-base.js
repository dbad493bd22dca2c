// Runs between require.js and the widget manager. Modules lie beside this file; the fonts of the manager's bundles lie
// in its dist folder, and a bundle looks for them beside the place that require.js would load it from.
(() => {
  const dist = "@jupyter-widgets/html-manager/dist";
  const paths = { [dist]: dist };
  for (const name of ["base", "controls", "html-manager"]) paths[`@jupyter-widgets/${name}`] = `${dist}/${name}`;
  requirejs.config({ baseUrl: new URL(".", document.currentScript.src).href, paths, waitSeconds: 0 });
})();
