"""What a link may say of a figure: widgets/link.js takes nothing else."""

import traitlets

from latentwalk.page.traits import Code, Drawing, Index

FAR = 1e9  # no link says a number beyond it, where the trait itself has no end


def rule(figure, name: str) -> list | None:
    """What a link may say of a trait of a figure: a kind that widgets/link.js knows, and the trait's own bounds.

    None for a choice of which this figure has no buttons.
    """
    trait = figure.traits()[name]
    if name in figure.joined:
        return ["word", *figure.joined[name]]
    if isinstance(trait, traitlets.Bool):
        return ["flag"]
    if isinstance(trait, Drawing):
        return ["picture", trait.size(figure), trait.empty]
    if isinstance(trait, Index):
        return ["whole", trait.min, len(getattr(figure, trait.of)) - 1]
    if isinstance(trait, traitlets.Int | traitlets.Float):
        low, high = (-FAR if trait.min is None else trait.min), (FAR if trait.max is None else trait.max)
        return ["whole" if isinstance(trait, traitlets.Int) else "number", max(-FAR, low), min(FAR, high)]
    if isinstance(trait, Code):
        size, high = (part(figure) if callable(part) else part for part in (trait.size, trait.high))
        return ["numbers", size, max(-FAR, trait.low, -high), min(FAR, high)]
    if not isinstance(trait, traitlets.List):
        return None
    if isinstance(trait._trait, Code):
        return ["points", trait._trait.size, trait._trait.low, trait._trait.high]
    return ["numbers", len(getattr(figure, name)), -FAR, FAR]
