"""A service that serves files by a path seen from its own folder: elsewhere it ends at the start."""

from fastapi.staticfiles import StaticFiles

from probes import app

app.mount("/static", StaticFiles(directory="static"), name="static")
