// What a Lab knows: what the reader has chosen, and what its worker has told so far.

const LOOKS = 4000; // that are kept: every second one goes when there are more

// As the traits say now: settings() of a network; classes(), the labels of the digits to train on (null: all); of several networks,
// {weights, step} or null, fitting() gives the first one that has the size chosen, or {}.
export function labChoices(model) {
  const settings = () => ({
    ...Object.fromEntries(["batch", "rate", "beta", "seed"].map((name) => [name, model.get(name)])),
    dims: model.get("dims")[model.get("latent_dim_index")],
    hidden: model.get("widths")[model.get("hidden_index")],
  });
  return {
    settings,
    classes: () => model.get("classes")[model.get("digits_index")] ?? null,
    fitting(...networks) {
      const { dims, hidden } = settings();
      const fits = ({ fc21, fc3 }) => fc21.bias.length === dims && fc3.bias.length === hidden;
      const found = networks.find((one) => one && fits(one.weights));
      return found ? { weights: found.weights, step: found.step ?? 0 } : {};
    },
  };
}

// now: phase ("idle", "loading", "ready"), the share that has been fetched, and the rest by its name; changed() is called whenever it has.
export function labState(changed) {
  const now = {
    phase: "idle",
    share: 0,
    device: "",
    history: [],
    look: null,
    last: null,
    problem: null,
    running: false,
  };
  const tell = (values) => {
    Object.assign(now, values);
    changed();
  };
  // What is wrong; an error without words is of something that was given up for something newer.
  const complain = ({ message, line = null }) => message && tell({ problem: { message, line } });
  const hears = {
    tests: (tests) => tell({ tests }),
    step: ({ step, epoch, loss, terms }) => tell({ step, epoch, last: { loss, terms } }),
    look(look) {
      if (now.history.at(-1)?.step >= look.step) now.history.pop();
      if (now.history.length > LOOKS) now.history = now.history.filter((_, i) => i % 2 === 0);
      const { step, epoch, recon, kl } = look;
      now.history.push({ step, epoch, recon, kl, loss: now.last?.loss ?? null });
      tell({ look, step, epoch, phase: "ready" });
    },
    wrong: complain,
  };
  return { now, tell, complain, hears };
}
