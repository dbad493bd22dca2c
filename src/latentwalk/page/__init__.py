"""How networks, pictures and words get into a page. No chapter needs this read: figures are declared with it, `latentwalk.widgets`.

1. ``figure``: the card around canvas and controls; ``shelf``: one with pictures to choose from; ``call``: the call that made it, for "As Python".
2. ``traits``: what figures are declared with; ``link``: what a link may say of these; ``script``: a figure's JavaScript, for notebooks.
3. ``network``: a trained network for the page, by way of its description (``graph``), which is written by watching the network at work
   (``tracing``; how each function of torch is written, say ``torch_layers`` and ``torch_tensors``).
4. ``pictures``: how `latentwalk.data.read` reads pictures, from files of arrays (``arrays``) and from folders.
5. ``language``: words in other languages. ``lab``: what the Lab brings into a page; ``measured`` and ``landmarks``: the numbers that Beta and
   YourLoss show.
"""
