# The image of the service and of its commands.
#
#   docker build --tag invitation-tokens .
#   docker run --rm invitation-tokens --help
#
# Built and run on a base image of Debian 13's packages, not yet on the official one (docs/operations/install.md).
# In a pipeline, give version and revision as labels (--label org.opencontainers.image.version=...).
# By digest, so that a build is the same tomorrow; renovate.json keeps it fresh.
ARG PYTHON_IMAGE=python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
# what is served gets an environment without pip; another one builds it
RUN python -m venv /build && python -m venv --without-pip /opt/invitations
WORKDIR /source
COPY requirements/build.txt requirements/runtime.txt requirements/
# the libraries change less often than the source, so they are a layer of their own
RUN /build/bin/pip install --no-deps --require-hashes --requirement requirements/build.txt \
 && /build/bin/pip --python /opt/invitations/bin/python install --no-deps --require-hashes \
      --requirement requirements/runtime.txt
COPY LICENSE README.md pyproject.toml ./
COPY src src
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /build/bin/pip --python /opt/invitations/bin/python install --no-deps --no-index /wheels/*.whl

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="invitation-tokens" \
      org.opencontainers.image.description="Invites patients to their online health record over FHIR STU3" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/invitations /opt/invitations
# modules were compiled as they were installed, and the file system may be read-only
ENV PATH=/opt/invitations/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# a number, so that Kubernetes can see that it is not root
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/health/live', timeout=2)"]
ENTRYPOINT ["invitations"]
CMD ["serve", "--host", "0.0.0.0"]
