"""The shared module of the book *Walking the Latent Space*.

What a chapter teaches is written out in its notebook. Here is what more than one chapter needs: the data, the two
networks, the losses, a training loop, measurements, trained networks by name, plots and the interactive figures.
"""

__version__ = "0.1.0"
