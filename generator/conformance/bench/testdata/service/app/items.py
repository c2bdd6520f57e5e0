from typing import Annotated

import httpx
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from app.database import Database, Item
from app.settings import settings

router = APIRouter(prefix="/items", tags=["items"])


class NewItem(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    quantity: Annotated[int, Field(ge=0)]
    cents: Annotated[int, Field(ge=0)]


class StoredItem(NewItem):
    model_config = ConfigDict(from_attributes=True)

    id: int


@router.post("", status_code=201)
def add(new: NewItem, database: Database) -> StoredItem:
    item = Item(**new.model_dump())
    database.add(item)
    database.commit()
    return StoredItem.model_validate(item)


@router.get("")
def all_items(database: Database) -> list[StoredItem]:
    return [StoredItem.model_validate(item) for item in database.scalars(select(Item).order_by(Item.name))]


@router.get("/{item_id}/price")
async def price(item_id: int, currency: str, database: Database) -> dict[str, float | str]:
    item = database.get(Item, item_id)
    if item is None:
        raise HTTPException(404, "no such item")
    async with httpx.AsyncClient(timeout=settings.rates_timeout) as client:
        rates = (await client.get(settings.rates_url)).raise_for_status().json()
    return {"currency": currency, "price": item.cents / 100 * rates[currency]}
