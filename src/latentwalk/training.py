"""One training loop for every network of the book: the whole data set as one tensor, no workers."""

import torch
from torch import Tensor
from tqdm import tqdm

from latentwalk.losses import terms


def fit(
    model: torch.nn.Module,
    x: Tensor,
    *,
    epochs: int = 5,
    batch_size: int = 128,
    lr: float = 4e-3,
    beta: float = 1.0,
    warm_up: int = 0,
    binarize: bool = False,
    seed: int = 0,
    progress: bool = True,
    after_epoch=None,
) -> dict[str, list[float]]:
    """Minimise reconstruction + beta * KL over the pictures ``x``, in place.

    Adam with a one-cycle learning rate. Deterministic for a given seed on one machine and number of threads.

    Parameters
    ----------
    model
        An `Autoencoder` or a `VAE`.
    x
        (n, pixels) float32 in [0, 1].
    lr
        The highest learning rate of the cycle.
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
    if x.dim() != 2 or not torch.is_floating_point(x) or len(x) == 0:
        raise ValueError(f"x: expected a float matrix (n, pixels), got {x.dtype} {tuple(x.shape)}")
    if not (x.min() >= 0 and x.max() <= 1):  # also catches NaN
        raise ValueError("x: expected pixels in [0, 1]; divide bytes by 255")
    if epochs < 1 or batch_size < 1 or not lr > 0 or not beta >= 0:
        raise ValueError("epochs, batch_size and lr: expected positive numbers; beta: at least 0")
    torch.manual_seed(seed)
    steps = -(-len(x) // batch_size)
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.95), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=epochs * steps, cycle_momentum=False)
    history: dict[str, list[float]] = {"recon": [], "kl": []}
    with tqdm(total=epochs * steps, unit="batch", disable=not progress, mininterval=0.5) as bar:
        for epoch in range(epochs):
            model.train()
            totals = torch.zeros(2)
            for batch in torch.randperm(len(x)).split(batch_size):
                recon, kl = terms(model, x[batch].bernoulli() if binarize else x[batch])
                weight = beta * min(1, schedule.last_epoch / (warm_up * steps)) if warm_up else beta
                loss = (recon + weight * kl).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                totals += torch.stack([recon.detach().sum(), kl.detach().sum()])
                bar.update()
            recon, kl = (totals / len(x)).tolist()
            if not torch.isfinite(totals).all():
                raise FloatingPointError(f"the loss is not finite in epoch {epoch + 1}; try a smaller lr than {lr}")
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
