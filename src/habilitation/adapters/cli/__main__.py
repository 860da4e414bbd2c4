"""``python -m habilitation.adapters.cli``, where no script is installed."""

from habilitation.adapters.cli import main

main()
