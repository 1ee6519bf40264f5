"""How a worker's process is started; in a module of its own, since importing a worker is slow."""

# it ends when its stdin does, which is a pipe from the process that started it
WITH_PARENT = "--with-parent"
