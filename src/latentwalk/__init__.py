"""The shared module of the book *Walking the Latent Space*.

What a chapter teaches is written out in its notebook. Here is what more than one chapter needs. To read it in order:

1. ``data``, ``models``, ``losses``, ``training``: pictures, networks, what they are trained to make small, and the loop.
2. ``checkpoints``, ``tables``: trained networks and measurements, by name.
3. ``interpolation``, ``evaluation``: ways between codes, and what the pictures along them are worth.
4. ``plots``, ``widgets``: still figures and live ones; of these ``base`` and ``traits`` first, then ``kl``, the shortest.
5. ``exercises``: says whether an answer is right.

``language("zh")`` puts figures and exercises into another language. ``making`` is for those who make the networks, tables and answers; no chapter needs it read.
"""

from latentwalk._language import language

__all__ = ["language"]
__version__ = "0.1.0"
