package generator

import (
	"strings"

	"github.com/davit-cli/davit/wizard"
)

// containerAppPage adds what Azure Container Apps needs beyond the service.
type containerAppPage struct {
	servicePage
	WorkerApp string
	Identity  string // resource id of what may read secrets and pull the image, "" where nothing has to
	Registry  string // of Azure, where the image is in one
	KeyVault  bool
}

func containerApps(a wizard.Answers) ([]File, error) {
	p := containerAppPage{
		servicePage: newServicePage(a),
		WorkerApp:   label(a.Name, "-worker", wizard.LongestContainerApp),
		Registry:    azureRegistry(image(a)),
	}
	p.KeyVault = len(p.SecretVariables) > 0
	if p.KeyVault || p.Registry != "" {
		p.Identity = "/subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + a.Name + "-identity"
	}
	pages := []page{{"container-app.yaml", "container-apps/container-app.yaml", 0o644, "yaml", "The service on Azure Container Apps, as az containerapp takes it."}}
	if a.Worker != "" {
		pages = append(pages, page{"container-app-worker.yaml", "container-apps/container-app-worker.yaml", 0o644, "yaml",
			"The worker on Azure Container Apps: an app of its own, which nothing reaches from outside."})
	}
	return files(p, pages...)
}

// azureRegistry is the image's registry where it is one of Azure's, which
// knows identities; others want a password.
func azureRegistry(image string) string {
	registry, _, several := strings.Cut(image, "/")
	if several && strings.HasSuffix(registry, ".azurecr.io") {
		return registry
	}
	return ""
}
