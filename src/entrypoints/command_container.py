"""The container of the commands, which need neither access tokens nor transports."""

from dependency_injector import containers, providers

from entrypoints.ports import Storage, System
from entrypoints.resources import database_resource
from entrypoints.settings import Settings
from entrypoints.use_cases import Administration


class CommandContainer(containers.DeclarativeContainer):
    """The settings, the storage and the use cases of operators."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)

    system = providers.Container(System)
    storage = providers.Container(Storage, settings=settings)
    administration = providers.Container(Administration, settings=settings, system=system, storage=storage)
    database = providers.Resource(database_resource, storage.database)
