# The image for this machine: docker buildx bake
# For amd64 and arm64, to a registry: docker buildx bake image-all --push

variable "IMAGE" {
  default = "api"
}

variable "TAG" {
  default = "dev"
}

variable "REVISION" {
  default = "unknown"
}

variable "CREATED" {
  default = timestamp()
}

variable "SOURCE" {
  default = "unknown"
}

group "default" {
  targets = ["image"]
}

target "image" {
  context = "."
  target  = "runtime"
  tags    = ["${IMAGE}:${TAG}"]
  args = {
    VERSION  = TAG
    REVISION = REVISION
    CREATED  = CREATED
    SOURCE   = SOURCE
  }
  output = ["type=docker"]
}

target "image-all" {
  inherits  = ["image"]
  platforms = ["linux/amd64", "linux/arm64"]
  attest    = ["type=provenance,mode=max", "type=sbom"]
  output    = ["type=image"]
}
