"""Settings of gunicorn: each has a default, and an environment variable that changes it."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '{{.Port}}')}"
{{if .Native}}
# gunicorn's own ASGI worker. For request.client behind a proxy, add uvicorn-worker to the project.
{{end}}
worker_class = "{{.WorkerClass}}"{{why "worker-class"}}
workers = int(os.environ.get("WORKERS", "{{.Workers}}")){{why "workers"}}

# A worker that does not answer for this long is killed and replaced.
timeout = int(os.environ.get("TIMEOUT", "120")){{why "timeout"}}
# Requests in flight may take this long after SIGTERM.
graceful_timeout = int(os.environ.get("GRACEFUL_TIMEOUT", "{{.Graceful}}")){{why "graceful"}}
keepalive = int(os.environ.get("KEEP_ALIVE", "5"))

# Workers are recycled, not all at once: slow leaks never become an outage.
max_requests = int(os.environ.get("MAX_REQUESTS", "1000")){{why "recycling"}}
max_requests_jitter = int(os.environ.get("MAX_REQUESTS_JITTER", "100"))

# Heartbeats go to memory: the root file system is read-only, and a disk can stall.
worker_tmp_dir = "/dev/shm"{{why "heartbeat"}}
# There is nobody in the container who would use the control socket.
control_socket_disable = True{{why "control-socket"}}

accesslog = "-"
errorlog = "-"
# Whose X-Forwarded-* headers are believed.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"){{why "forwarded"}}
