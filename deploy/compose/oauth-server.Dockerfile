# The tests' OAuth server, for compose.yaml: sample clients, and keys that last as long as the container.
# Not for production.
ARG NODE_IMAGE=node:24-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6

FROM ${NODE_IMAGE}
WORKDIR /oauth-server
COPY tests/integration/node/.npmrc tests/integration/node/package.json tests/integration/node/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY tests/integration/node/oauth_server.mjs ./
USER 10002:10002
EXPOSE 9000
ENTRYPOINT ["node", "oauth_server.mjs"]
CMD ["/run/secrets/oauth-server.json"]
