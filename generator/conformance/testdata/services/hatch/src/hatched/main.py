from fastapi import FastAPI

from hatched import probes

app = FastAPI()


@app.get("/health")
async def health():
    return {"status": "ok"}


app.mount("/", probes.app)
