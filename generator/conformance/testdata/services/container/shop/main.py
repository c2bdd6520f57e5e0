from fastapi import FastAPI

from shop import probes


class Container:
    def __init__(self):
        self.app = FastAPI()
        self.app.add_api_route("/health", self.health)
        self.app.mount("/", probes.app)

    async def health(self):
        return {"status": "ok"}


container = Container()
