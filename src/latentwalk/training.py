"""One training loop for every network of the book: the whole data set as one tensor, no workers."""

import math

import torch
from torch import Tensor
from tqdm import tqdm

from latentwalk._checks import check_pictures
from latentwalk.losses import terms

# The learning rate's rise and fall; `fit` says more.
CYCLES = {"cos": {"pct_start": 0.3}, "linear": {"pct_start": 0.1, "anneal_strategy": "linear"}}


def fit(
    model: torch.nn.Module,
    x: Tensor,
    *,
    epochs: int = 5,
    batch_size: int = 128,
    lr: float = 4e-3,
    schedule: str = "cos",
    beta: float = 1.0,
    warm_up: int = 0,
    binarize: bool = False,
    seed: int = 0,
    progress: bool = True,
    after_epoch=None,
) -> dict[str, list[float]]:
    """Minimise reconstruction + beta * KL over the pictures ``x``, in place, on the model's own device and in its own type.

    Adam with a one-cycle learning rate. Deterministic for a given seed on one machine and number of threads.

    Parameters
    ----------
    model
        An `Autoencoder` or a `VAE`.
    x
        (n, pixels) in [0, 1], on any device: each batch goes to the model's.
    lr
        The highest learning rate of the cycle.
    schedule
        The cycle: "cos" rises for 30% of the steps and falls, both like a cosine; "linear" rises for 10%, in straight lines.
    beta
        Weight of the KL term (no effect on an autoencoder).
    warm_up
        Epochs over which that weight rises from 0 to ``beta``, in a straight line (Sønderby et al., arXiv 1602.02282).
    binarize
        Draw each pixel as 0 or 1, its grey value being the probability of 1, anew each time that a picture is used
        (dynamic binarisation; Burda et al., arXiv 1509.00519, section 5).
    seed
        Order of the batches and the noise eps.
    after_epoch
        Called with the model after each epoch; a dict that it returns is added to the history.

    Returns
    -------
    History: ``recon`` and ``kl``, mean nats per training image, one number an epoch, and what ``after_epoch`` gave.

    Raises
    ------
    ValueError
        If ``x`` is not a float matrix in [0, 1], or a number is out of range.
    FloatingPointError
        If the loss is no longer finite.
    """
    x = check_pictures("x", x, getattr(model, "pixels", None))
    _check_options(epochs, batch_size, lr, schedule, beta, warm_up)
    torch.manual_seed(seed)
    weights = next(model.parameters())
    steps = -(-len(x) // batch_size)
    optimizer, learning_rate = _adam_in_one_cycle(model, epochs * steps, lr, schedule)
    history: dict[str, list[float]] = {"recon": [], "kl": []}
    with tqdm(total=epochs * steps, unit="batch", disable=not progress, mininterval=0.5) as bar:
        for epoch in range(epochs):
            model.train()
            totals = torch.zeros(2, device=weights.device)
            for rows in torch.randperm(len(x)).split(batch_size):
                batch = x[rows.to(x.device)].to(weights.device, weights.dtype)
                recon, kl = terms(model, batch.bernoulli() if binarize else batch)
                risen = min(1, learning_rate.last_epoch / (warm_up * steps)) if warm_up else 1
                loss = (recon + beta * risen * kl).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                learning_rate.step()
                totals += torch.stack([recon.detach().sum(), kl.detach().sum()])
                bar.update()
            if not torch.isfinite(totals).all():
                raise FloatingPointError(f"the loss is not finite in epoch {epoch + 1}; try a smaller lr than {lr}")
            recon, kl = (totals / len(x)).tolist()
            bar.set_description(f"epoch {epoch + 1}: recon {recon:.1f} + KL {kl:.1f}")
            history["recon"].append(recon)
            history["kl"].append(kl)
            if after_epoch is not None:
                model.eval()
                with torch.no_grad():
                    for name, value in (after_epoch(model) or {}).items():
                        history.setdefault(name, []).append(value)
    model.eval()
    return history


def _check_options(epochs, batch_size, lr, schedule, beta, warm_up) -> None:
    if not all(isinstance(n, int) for n in (epochs, batch_size, warm_up)) or min(epochs, batch_size, warm_up + 1) < 1:
        raise ValueError("epochs and batch_size: expected positive whole numbers; warm_up: at least 0")
    if not 0 < lr < math.inf or not 0 <= beta < math.inf:
        raise ValueError("lr: expected a positive number; beta: at least 0")
    if schedule not in CYCLES:
        raise ValueError(f"schedule: expected one of {', '.join(CYCLES)}, got {schedule!r}")


def _adam_in_one_cycle(model: torch.nn.Module, steps: int, lr: float, schedule: str):
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.95), fused=True)
    if schedule == "linear":
        steps = max(steps, 11)  # with 10, torch divides 0 by 0
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, lr, total_steps=steps, cycle_momentum=False, **CYCLES[schedule]
    )
    return optimizer, cycle
