from fastapi import FastAPI

from shop import GREETING, probes

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": GREETING}


app.mount("/", probes.app)
