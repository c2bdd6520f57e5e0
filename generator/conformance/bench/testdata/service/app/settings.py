from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """What a deployment may set in the environment."""

    database_url: str = "sqlite://"
    rates_url: str = "https://rates.example/latest"
    rates_timeout: float = 3


settings = Settings()
