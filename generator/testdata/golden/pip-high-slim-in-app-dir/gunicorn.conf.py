"""Settings of gunicorn: each has a default, and an environment variable that changes it."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "uvicorn_worker.UvicornWorker"
workers = int(os.environ.get("WORKERS", "4"))

# A worker that does not answer for this long is killed and replaced.
timeout = int(os.environ.get("TIMEOUT", "120"))
# Requests in flight may take this long after SIGTERM.
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT", "8"))
keepalive = int(os.environ.get("KEEP_ALIVE", "5"))

# Workers are recycled, not all at once: slow leaks never become an outage.
max_requests = int(os.environ.get("MAX_REQUESTS", "1000"))
max_requests_jitter = int(os.environ.get("MAX_REQUESTS_JITTER", "100"))

# Heartbeats go to memory: the root file system is read-only, and a disk can stall.
worker_tmp_dir = "/dev/shm"
# There is nobody in the container who would use the control socket.
control_socket_disable = True

accesslog = "-"
errorlog = "-"
# Whose X-Forwarded-* headers are believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
