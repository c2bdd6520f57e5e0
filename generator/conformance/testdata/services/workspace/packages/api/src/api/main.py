from core import GREETING
from fastapi import FastAPI

from api import probes

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": GREETING}


app.mount("/", probes.app)
