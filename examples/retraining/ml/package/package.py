"""Builds the image that serves the latest model: the registry's own build does it, so no Docker is needed here."""

import argparse
import os

import mlflow
from azure.identity import ManagedIdentityCredential
from azure.mgmt.containerregistry import ContainerRegistryManagementClient


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--resource-group", required=True)
    parser.add_argument("--source", required=True)
    arguments = parser.parse_args()
    versions = mlflow.MlflowClient().search_model_versions(f"name='{arguments.name}'")
    version = max(int(it.version) for it in versions)
    client = ContainerRegistryManagementClient(
        ManagedIdentityCredential(), os.environ["AZUREML_ARM_SUBSCRIPTION"]
    )
    run = client.registries.begin_schedule_run(
        arguments.resource_group,
        arguments.registry,
        {
            "type": "DockerBuildRequest",
            "imageNames": [f"{arguments.image}:{version}"],
            "isPushEnabled": True,
            "sourceLocation": arguments.source,
            "dockerFilePath": "service/Dockerfile",
            "arguments": [{"name": "MODEL_VERSION", "value": str(version)}],
            "platform": {"os": "Linux"},
        },
    ).result()
    print(f"built {arguments.image}:{version} in run {run.run_id}")


if __name__ == "__main__":
    main()
