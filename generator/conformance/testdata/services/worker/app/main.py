import os
import socket

import psycopg
from fastapi import FastAPI

from app.tasks import add

app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/version")
def version():
    """The tests change this line and build again."""
    return {"version": 1, "host": socket.gethostname()}


@app.get("/database")
def database():
    """Who the database takes the service for, by the password in DATABASE_URL."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as connection:
        return connection.execute("SELECT current_user || ' in ' || current_database()").fetchone()[0]


@app.get("/add")
def sum_of(x: int, y: int):
    """The sum as the worker has made it, by way of Redis."""
    return {**add.delay(x, y).get(timeout=20), "asked": socket.gethostname()}


@app.get("/writable")
def writable():
    """The folders in which the process can make a file."""
    return [path for path in ("/", "/app", "/app/.venv", "/etc", "/tmp", "/var") if os.access(path, os.W_OK)]


@app.get("/process")
def process():
    """What the kernel lets this process do."""
    with open("/proc/self/status") as status:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    return {name: fields[name] for name in ("Uid", "CapEff", "CapBnd", "NoNewPrivs")}


@app.get("/reach")
def reach(host: str, port: int):
    """Whether a connection to there can be made."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True
