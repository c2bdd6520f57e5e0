# nomad job run -var tag=1.0.0 job.nomad.hcl
#
# The secrets are one variable of Nomad, put there once from a file that stays out of version control:
#   nomad var put @shop.nv.hcl
#
#   path = "nomad/jobs/shop"
#   items {
#     SQLALCHEMY_DATABASE_URI = "..."
#     AMQP_URL = "..."
#     CELERY_BROKER_URL = "..."
#   }

variable "image" {
  type        = string
  description = "Repository of the image, without a tag: the clients pull it from there."
  default     = "shop"
}

variable "tag" {
  type        = string
  description = "The version that runs."
  default     = "0.1.0"
}

job "shop" {
  type = "service"

  group "shop" {
    count = 2

    update {
      max_parallel      = 1
      canary            = 2
      auto_promote      = true
      auto_revert       = true
      health_check      = "checks"
      min_healthy_time  = "10s"
      healthy_deadline  = "5m"
      progress_deadline = "10m"
    }

    restart {
      attempts = 3
      interval = "5m"
      delay    = "5s"
      mode     = "fail"
    }

    reschedule {
      delay          = "10s"
      delay_function = "exponential"
      max_delay      = "5m"
      unlimited      = true
    }

    shutdown_delay = "5s"

    network {
      mode = "bridge"

      port "http" {
        to = 8000
      }
    }

    service {
      name     = "shop"
      port     = "http"
      provider = "nomad"

      check {
        type     = "tcp"
        interval = "10s"
        timeout  = "3s"

        check_restart {
          limit = 6
          grace = "30s"
        }
      }
    }

    task "shop" {
      driver       = "docker"
      user         = "10001:10001"
      kill_signal  = "SIGTERM"
      kill_timeout = "20s"

      config {
        image           = "${var.image}:${var.tag}"
        ports           = ["http"]
        init            = true
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]
        pids_limit      = 256

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 67108864 # 64 MB
          }
        }
      }

      env {
        FORWARDED_ALLOW_IPS               = "127.0.0.1"
        UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN = "8"
      }

      template {
        data                 = <<-EOT
          {{ with nomadVar "nomad/jobs/shop" }}
          SQLALCHEMY_DATABASE_URI={{ .SQLALCHEMY_DATABASE_URI.Value | toJSON }}
          AMQP_URL={{ .AMQP_URL.Value | toJSON }}
          CELERY_BROKER_URL={{ .CELERY_BROKER_URL.Value | toJSON }}
          {{ end }}
        EOT
        destination          = "secrets/service.env"
        perms                = "400"
        env                  = true
        error_on_missing_key = true
        once                 = true
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }

  group "shop-worker" {
    count = 1

    update {
      max_parallel      = 1
      canary            = 1
      auto_promote      = true
      auto_revert       = true
      health_check      = "checks"
      min_healthy_time  = "10s"
      healthy_deadline  = "5m"
      progress_deadline = "10m"
    }

    restart {
      attempts = 3
      interval = "5m"
      delay    = "5s"
      mode     = "fail"
    }

    reschedule {
      delay          = "10s"
      delay_function = "exponential"
      max_delay      = "5m"
      unlimited      = true
    }

    task "shop-worker" {
      driver       = "docker"
      user         = "10001:10001"
      kill_signal  = "SIGTERM"
      kill_timeout = "60s"

      config {
        image           = "${var.image}:${var.tag}"
        command         = "celery"
        args            = ["-A", "shop.tasks", "worker"]
        init            = true
        readonly_rootfs = true
        cap_drop        = ["all"]
        security_opt    = ["no-new-privileges"]
        pids_limit      = 256

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 67108864 # 64 MB
          }
        }

        healthchecks {
          disable = true
        }
      }

      template {
        data                 = <<-EOT
          {{ with nomadVar "nomad/jobs/shop" }}
          SQLALCHEMY_DATABASE_URI={{ .SQLALCHEMY_DATABASE_URI.Value | toJSON }}
          AMQP_URL={{ .AMQP_URL.Value | toJSON }}
          CELERY_BROKER_URL={{ .CELERY_BROKER_URL.Value | toJSON }}
          {{ end }}
        EOT
        destination          = "secrets/service.env"
        perms                = "400"
        env                  = true
        error_on_missing_key = true
        once                 = true
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }
}
