"""Front ends over HTTP, ready to mount: a JSON API and the pages of the guides, both over one ``Habilitation``.

Nothing here decides anything: an endpoint reads a request, calls a use case in a thread, and shows what comes back or
what was refused. What both front ends share stands beside them.
"""
