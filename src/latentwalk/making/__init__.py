"""What makes the book's networks, tables and answers. Chapters read what is made here; they import none of it.

``datasets`` gives pictures by name, ``recipes`` says what each stored network is made of (``gan`` and ``judge`` those that are no autoencoders), ``networks`` trains and stores
them, ``tables`` measures many networks over several seeds with ``measures``, ``bugs`` and ``learning`` watch the trainings that two figures show, ``reference`` is the loop that others are compared with, ``answers``
holds the exercises' right and wrong answers and ``checker`` compares a reader's with them. ``files`` and ``workers`` serve them.

    python -m latentwalk.making [NAME ...]

makes the networks and tables of these names, or all of them (``make checkpoints``).
"""
