from fastapi import FastAPI

from app import probes


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/health")
    async def health():
        return {"status": "ok"}

    app.mount("/", probes.app)
    return app
