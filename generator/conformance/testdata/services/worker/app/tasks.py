import os
import socket

from celery import Celery

# As most programs do: the address from one variable, and nothing known of files.
celery = Celery("tasks", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])


@celery.task
def add(x, y):
    """Tells the sum, and which container has added."""
    return {"sum": x + y, "host": socket.gethostname()}
