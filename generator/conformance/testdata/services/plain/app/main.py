import asyncio
import os
import socket
import time
from urllib.parse import urlsplit

from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/slow")
async def slow(seconds: float = 2):
    """A request that is still in flight when the container is told to stop."""
    await asyncio.sleep(seconds)
    return {"slept": seconds}


@app.get("/process")
async def process():
    """The server process that answers."""
    return os.getpid()


@app.get("/block")
async def block(seconds: float = 2):
    """A process that answers nobody: not even the server's own heartbeat runs."""
    time.sleep(seconds)
    return {"blocked": seconds}


@app.get("/env")
async def env():
    """Names alone: what the process was given."""
    return sorted(os.environ)


@app.get("/writable")
async def writable():
    """The folders in which the process can make a file."""
    return [path for path in ("/", "/app", "/app/app", "/app/.venv", "/etc", "/home", "/tmp", "/var") if can_write(path)]


@app.get("/database")
async def database():
    """Whether the database that DATABASE_URL names takes a connection."""
    url = urlsplit(os.environ["DATABASE_URL"])
    with socket.create_connection((url.hostname, url.port or 5432), timeout=3):
        return {"host": url.hostname}


def can_write(path):
    name = os.path.join(path, ".davit-probe")
    try:
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError:
        return False
    os.remove(name)
    return True
