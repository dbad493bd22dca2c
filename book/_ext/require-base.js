// Runs between require.js and the widget manager.
(() => {
  // Modules lie beside this file; the fonts of the manager's bundles lie in its dist folder, and a bundle looks for them
  // beside the place that require.js would load it from.
  const base = new URL(".", document.currentScript.src).href,
    dist = "@jupyter-widgets/html-manager/dist",
    paths = { [dist]: dist };
  for (const name of ["base", "controls", "html-manager"]) paths[`@jupyter-widgets/${name}`] = `${dist}/${name}`;
  requirejs.config({ baseUrl: base, paths, waitSeconds: 0 });

  // Makes the figures, the first one first: the others follow when it is drawn. (By itself the manager waits for the last
  // picture of the page, and then makes all widgets at once, those that no figure shows among them.)
  const all = (kind) => [...document.querySelectorAll(`script[type="application/vnd.jupyter.widget-${kind}+json"]`)];
  const load = (name) => new Promise((resolve, reject) => requirejs([name], resolve, reject));
  document.addEventListener("DOMContentLoaded", async () => {
    const { state, ...version } = JSON.parse(all("state")[0].textContent);
    const figures = all("view").map((script) => [script, JSON.parse(script.textContent).model_id]);

    // The widgets that each widget refers to, and the links that refer to it.
    const others = new Map(
      Object.entries(state).map(([id, model]) => [
        id,
        [...JSON.stringify(model.state).matchAll(/IPY_MODEL_(\w+)/g)].map(([, other]) => other),
      ]),
    );
    for (const [id, { model_name }] of Object.entries(state))
      if (model_name.endsWith("LinkModel")) for (const other of others.get(id)) others.get(other)?.push(id);
    const parts = (id) => {
      const found = new Set([id]);
      for (const one of found) for (const other of others.get(one) ?? []) found.add(other); // it grows as it is walked
      return [...found];
    };

    // What the first figure needs is on its way while the manager is unpacked.
    load("anywidget");
    for (const id of figures.slice(0, 1).flatMap(([, view]) => parts(view)))
      if (state[id]?.state.digest) {
        const link = document.createElement("link");
        document.head.append(
          Object.assign(link, { rel: "preload", as: "script", href: `${base}../weights/${state[id].state.digest}.js` }),
        );
      }
    await load(`${dist}/libembed-amd`); // for its styles
    const { HTMLManager } = await load("@jupyter-widgets/html-manager"),
      manager = new HTMLManager({ loader: load });
    for (const [script, view] of figures) {
      const place = document.createElement("div");
      place.className = "widget-subarea";
      script.before(place);
      try {
        const models = parts(view)
          .filter((id) => !manager.has_model(id))
          .map((id) => [id, state[id]]);
        await manager.set_state({ ...version, state: Object.fromEntries(models) });
        manager.display_view(await manager.create_view(await manager.get_model(view)), place);
      } catch (error) {
        reportError(error);
      } // the other figures live on
      await window.latentwalkFirst;
    }
  });
})();
