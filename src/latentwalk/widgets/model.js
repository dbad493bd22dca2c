// Traits that the page changes by itself.

// A guard for changes that cause each other: what one of them causes in its turn is passed over.
export function oneAtATime() {
  let busy = false;
  return (change) => () => {
    if (busy) return;
    busy = true;
    change();
    busy = false;
  };
}

// The code z and the numbers that sliders hold (the traits `names`) move together; places() says where in z each lies.
export function joinSliders(model, names, places) {
  const once = oneAtATime();
  const spread = once(() => {
    for (const [k, place] of places().entries()) model.set(names[k], model.get("z")[place]);
  });
  const gather = once(() => {
    const z = [...model.get("z")];
    for (const [k, place] of places().entries()) z[place] = model.get(names[k]);
    model.set("z", z);
  });
  model.on("change:z", spread);
  for (const name of names) model.on(`change:${name}`, gather);
  spread();
  return spread;
}

// Tells Python what the page has worked out, if that is anything new.
export function publish(model, name, value) {
  if (JSON.stringify(value) === JSON.stringify(model.get(name))) return;
  model.set(name, value);
  model.save_changes();
}

const worked = new WeakMap(); // of models: name -> the trait that the page works out

// Whether a trait says what nobody has set, as the page works it out from the others.
export const isWorkedOut = (model, name) => worked.get(model)?.[name]?.given === null;

// A trait that the page works out, and that Python may set instead: `given` is what Python has set, until forget().
export function overridable(model, name) {
  let own = JSON.stringify(model.get(name));
  const trait = {
    given: null,
    forget() {
      trait.given = null;
    },
    publish(value) {
      own = JSON.stringify(value);
      if (!trait.given) publish(model, name, value);
    },
  };
  model.on(`change:${name}`, () => {
    if (JSON.stringify(model.get(name)) !== own) trait.given = model.get(name);
  });
  worked.set(model, { ...worked.get(model), [name]: trait });
  return trait;
}
