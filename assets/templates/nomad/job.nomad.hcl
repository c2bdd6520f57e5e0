# nomad job run -var tag=1.0.0 job.nomad.hcl
{{if .SecretVariables}}
#
# The secrets are one variable of Nomad, put there once from a file that stays out of version control:
#   nomad var put @{{.Name}}.nv.hcl
#
#   path = "nomad/jobs/{{.Name}}"
#   items {
{{range .SecretVariables}}
#     {{.Variable}} = "..."
{{end}}
#   }
{{end}}

variable "image" {
  type        = string
  description = "Repository of the image, without a tag: the clients pull it from there."
  default     = {{hcl .Image}}
}

variable "tag" {
  type        = string
  description = "The version that runs."
  default     = {{hcl .Tag}}{{why "image-tag"}}
}

job {{hcl .Name}} {
  type = "service"

  group {{hcl .Name}} {
    count = {{.Count}}

{{template "nomad-update" .Count}}

{{template "nomad-restart"}}

    shutdown_delay = "{{.Drain}}s"{{why "nomad-drain"}}

    network {
      mode = "bridge"{{why "nomad-bridge"}}

      port "http" {
        to = {{.Port}}{{why "nomad-port"}}
      }
    }

    service {
      name     = {{hcl .Name}}
      port     = "http"
      provider = "nomad"{{why "nomad-service"}}

      check {
{{if .HealthPath}}
        type     = "http"
        path     = {{hcl .HealthPath}}
{{else}}
        type     = "tcp"{{why "health-port"}}
{{end}}
        interval = "10s"
        timeout  = "3s"

        check_restart {
          limit = 6{{why "nomad-check-restart"}}
          grace = "30s"
        }
      }
    }

    task {{hcl .Name}} {
      driver       = "docker"
      user         = "10001:10001"
      kill_signal  = "SIGTERM"
      kill_timeout = "{{.Grace}}s"{{why "grace-period"}}

      config {
        image           = "${var.image}:${var.tag}"
        ports           = ["http"]
{{template "nomad-hardening"}}
      }

      env {
{{range .Settings}}
        {{.Name}} = {{hcl .Value}}{{why .Why}}
{{end}}
      }

{{template "nomad-secrets" .}}

{{template "nomad-resources" .}}
    }
  }
{{if .Worker}}

  group {{hcl .WorkerName}} {
    count = 1

{{template "nomad-update" 1}}

{{template "nomad-restart"}}

    task {{hcl .WorkerName}} {
      driver       = "docker"
      user         = "10001:10001"
      kill_signal  = "SIGTERM"
      kill_timeout = "{{.WorkerGrace}}s"{{why "nomad-worker-grace"}}

      config {
        image           = "${var.image}:${var.tag}"
        command         = {{hcl .WorkerCommand}}{{why "worker"}}{{why .WorkerForks}}
{{if .WorkerArgs}}
        args            = {{exec .WorkerArgs}}
{{end}}
{{template "nomad-hardening"}}

        healthchecks {
          disable = true{{why "worker-health"}}
        }
      }

{{template "nomad-secrets" .}}

{{template "nomad-resources" .}}
    }
  }
{{end}}
}

{{define "nomad-update"}}
    update {
      max_parallel      = 1
      canary            = {{.}}{{why "nomad-canary"}}
      auto_promote      = true
      auto_revert       = true{{why "nomad-revert"}}
      health_check      = "checks"
      min_healthy_time  = "10s"
      healthy_deadline  = "5m"
      progress_deadline = "10m"
    }
{{end}}

{{define "nomad-restart"}}
    restart {
      attempts = 3
      interval = "5m"
      delay    = "5s"
      mode     = "fail"{{why "nomad-restart"}}
    }

    reschedule {
      delay          = "10s"
      delay_function = "exponential"
      max_delay      = "5m"
      unlimited      = true
    }
{{end}}

{{define "nomad-hardening"}}
        init            = true
        readonly_rootfs = true{{why "read-only"}}
        cap_drop        = ["all"]{{why "nomad-capabilities"}}
        security_opt    = ["no-new-privileges"]{{why "no-new-privileges"}}
        pids_limit      = 256

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 67108864 # 64 MB
          }
        }
{{end}}

{{define "nomad-secrets"}}
{{if .SecretVariables}}
      template {
        data                 = <<-EOT
          {{"{{"}} with nomadVar "nomad/jobs/{{.Name}}" {{"}}"}}{{why "nomad-secrets"}}
{{range .SecretVariables}}
          {{.Variable}}={{"{{"}} .{{.Variable}}.Value | toJSON {{"}}"}}
{{end}}
          {{"{{ end }}"}}
        EOT
        destination          = "secrets/service.env"
        perms                = "400"
        env                  = true
        error_on_missing_key = true
        once                 = true{{why "nomad-once"}}
      }
{{end}}
{{end}}

{{define "nomad-resources"}}
      logs {
        max_files     = 3{{why "nomad-logs"}}
        max_file_size = 10
      }

      resources {
        cpu    = {{.CPU}}
        memory = {{.Memory}}{{why "nomad-resources"}}
      }
{{end}}
