from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

from app.settings import settings

# One connection, shared: a SQLite in memory is gone with the connection that made it.
memory = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
engine = create_engine(settings.database_url, **(memory if settings.database_url == "sqlite://" else {}))


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    quantity: Mapped[int]
    cents: Mapped[int]


def session() -> Iterator[Session]:
    with Session(engine) as s:
        yield s


Database = Annotated[Session, Depends(session)]
