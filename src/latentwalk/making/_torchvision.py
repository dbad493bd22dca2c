"""Import torchvision also where its compiled operators cannot load.

With the CPU build of torch, torchvision's compiled library (linked to CUDA) does not load, and ``import torchvision``
stops with ``operator torchvision::nms does not exist``, because it describes these operators to torch without having
declared them. The book uses datasets and image grids, which need none of them. So: try the plain import; only if it
fails with that very message, declare the two names and import again. Where the compiled operators load, nothing is done.
"""

import sys

import torch

# The signatures that torchvision's own compiled code declares (torchvision/csrc/ops).
_SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_declared: list[torch.library.Library] = []  # a Library lives as long as its declarations


def import_torchvision():
    """Import torchvision and return the module. Any failure other than the missing operators is raised as it is."""
    for _ in range(len(_SCHEMAS) + 1):
        try:
            import torchvision

            return torchvision
        except RuntimeError as error:
            missing = [n for n in _SCHEMAS if f"operator torchvision::{n} does not exist" in str(error)]
            if not missing:
                raise
            # A failed import leaves half a package behind.
            for name in [m for m in sys.modules if m.split(".")[0] == "torchvision"]:
                del sys.modules[name]
            library = torch.library.Library("torchvision", "FRAGMENT")
            library.define(missing[0] + _SCHEMAS[missing[0]])
            _declared.append(library)
    raise RuntimeError("torchvision does not import although its operators were declared")
