"""The shared module of the book *Walking the Latent Space*.

What a chapter teaches is written out in its notebook. Here is what more than one chapter needs. To read it in order:

1. ``data``, ``models``, ``losses``, ``training``: pictures, networks, what they are trained to make small, and the loop.
2. ``checkpoints``, ``tables``: trained networks and measurements, by name.
3. ``interpolation``, ``evaluation``: ways between codes, and what the pictures along them are worth.
4. ``plots``, ``widgets``: still figures and live ones; of these ``kl`` first, the shortest.
5. ``exercises``: says whether an answer is right.

``language("zh")`` puts figures, pictures and exercises into another language. No chapter needs read what lies behind: ``page``, how networks,
pictures and words get into a page, and ``making``, which makes networks, tables and answers.
"""

from latentwalk.page.language import language

__all__ = ["language"]
__version__ = "0.1.0"
