import psycopg2
from fastapi import FastAPI

from app import probes

app = FastAPI()


@app.get("/health")
async def health():
    try:
        psycopg2.connect("host=127.0.0.1 port=1 connect_timeout=1")
    except psycopg2.OperationalError:  # libpq is there, a database is not
        return {"status": "ok", "libpq": psycopg2.__libpq_version__}


app.mount("/", probes.app)
