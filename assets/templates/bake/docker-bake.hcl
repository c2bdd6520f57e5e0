# The image for this machine: docker buildx bake
# For amd64 and arm64, to a registry: docker buildx bake image-all --push
{{if .PrivateIndex}}
# The private index's password lies outside the project, and bake asks for leave: --allow fs.read=$HOME/.netrc
{{end}}

variable "IMAGE" {
  default = {{hcl .Image}}
}

variable "TAG" {
  default = "dev"{{why "bake-tag"}}
}

variable "REVISION" {
  default = "unknown"{{why "bake-revision"}}
}

variable "CREATED" {
  default = timestamp()
}

variable "SOURCE" {
  default = "unknown"
}

{{if .PrivateIndex}}
variable "HOME" {
  default = ""
}

variable "NETRC" {
  default = "${HOME}/.netrc"
}

{{end}}
group "default" {
  targets = ["image"]
}

target "image" {
  context = "."
  target  = "runtime"
  tags    = ["${IMAGE}:${TAG}"]
  args = {
    VERSION  = TAG{{why "labels"}}
    REVISION = REVISION
    CREATED  = CREATED
    SOURCE   = SOURCE
  }
{{if .PrivateIndex}}
  secret = ["id=netrc,src=${NETRC}"]{{why "private-index"}}
{{end}}
  output = ["type=docker"]
}

target "image-all" {
  inherits  = ["image"]
  platforms = ["linux/amd64", "linux/arm64"]{{why "bake-platforms"}}
  attest    = ["type=provenance,mode=max", "type=sbom"]{{why "ci-sbom"}}
  output    = ["type=image"]
}
{{if .Dev}}

target "dev" {
  inherits = ["image"]
  target   = "dev"{{why "target-dev"}}
  tags     = ["${IMAGE}:development"]
}
{{end}}
