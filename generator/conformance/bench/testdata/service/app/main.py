import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text

from app import items
from app.database import Base, Database, engine


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    Base.metadata.create_all(engine)
    yield
    engine.dispose()


app = FastAPI(title="stock", lifespan=lifespan)
app.include_router(items.router)


@app.get("/health")
def health(database: Database) -> dict[str, str]:
    database.execute(text("SELECT 1"))
    return {"status": "ok"}


@app.get("/slow")
async def slow(seconds: float = 1) -> dict[str, float]:
    """A request that is still in flight when the container is told to stop."""
    await asyncio.sleep(seconds)
    return {"slept": seconds}
