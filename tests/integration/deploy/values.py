"""Valid values for the chart."""

from typing import Any

REQUIRED: dict[str, Any] = {
    "image": {"repository": "registry.example.org/invitation-tokens"},
    "environment": {
        "INVITATIONS_BASE_URL": "https://invitations.example.org/fhir",
        "INVITATIONS_ISSUER": "https://login.example.org",
    },
    "secret": {"name": "invitations"},
    "migration": {"secret": {"name": "invitations-owner"}},
}

ALL_OF_IT: dict[str, Any] = {
    "image": {"repository": "registry.example.org/invitation-tokens", "digest": f"sha256:{'0' * 64}"},
    "imagePullSecrets": [{"name": "registry"}],
    "environment": {
        **REQUIRED["environment"],
        "INVITATIONS_INTROSPECTION_URL": "https://login.example.org/introspection",
        "INVITATIONS_INTROSPECTION_CLIENT_ID": "invitations service",
        "INVITATIONS_MAX_BODY_BYTES": "10000000",
        "INVITATIONS_PORTAL_URL": "https://portal.example.org/register",
    },
    "secret": {
        "name": "invitations",
        "keys": {"INVITATIONS_INTROSPECTION_CLIENT_SECRET": "introspection-client-secret"},
    },
    "migration": {"secret": {"name": "invitations-owner", "databaseUrlKey": "url"}},
    "podIds": {"runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001},
    "workers": 2,
    "forwardedFor": "10.0.0.0/8, 2001:db8::1",
    "autoscaling": {"enabled": False},
    "replicas": 3,
    "grpc": {"enabled": True, "tls": {"secretName": "invitations-tls", "clientAuthority": True}},
    "networkPolicy": {
        "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}],
        "egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.10/32"}}], "ports": [{"port": 5432}]}],
    },
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "podAnnotations": {"example.org/owner": "invitations"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "dedicated", "operator": "Exists"}],
}

AS_LITTLE_AS_POSSIBLE: dict[str, Any] = {
    **REQUIRED,
    "autoscaling": {"enabled": False},
    "migration": {"enabled": False},
    "networkPolicy": {"enabled": False},
    "grpc": {"enabled": True, "plaintext": True},
}

CHOICES = {"required": REQUIRED, "all-of-it": ALL_OF_IT, "as-little-as-possible": AS_LITTLE_AS_POSSIBLE}
