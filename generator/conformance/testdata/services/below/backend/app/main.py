from fastapi import FastAPI

from app import probes

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "ok"}


app.mount("/", probes.app)
