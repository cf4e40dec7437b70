// A certified OAuth server, as `node oauth_server.mjs` and its settings in JSON, or the path of a file that holds them:
//   format      of access tokens: "jwt" or "opaque"
//   audiences   resources that tokens are issued for, the first one where a client names none
//   scopes      that a client may have
//   clients     secrets by client id, or what else a client is registered with (RFC 7591)
//   metadata    path under which the metadata is published
//   host, port  where it listens; without them, on a free port of the loopback address
//   issuer      where its clients find it, if that is elsewhere
// It writes its issuer once it listens. POST /test/rotate puts a new signing key in front of the others;
// PUT /test/outage has everything else answer 503 until DELETE /test/outage.
import { readFileSync } from "node:fs";
import * as http from "node:http";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import Provider, { errors } from "oidc-provider";

const argument = process.argv[2];
const settings = JSON.parse(argument.startsWith("{") ? argument : readFileSync(argument, "utf8"));
const { format, audiences, scopes, clients, metadata, host = "127.0.0.1", port = 0 } = settings;
const MOUNTED_AT = "/.well-known/openid-configuration";

const newKey = async () => {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig" };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
};

const resourceServer = (_context, resource) => {
  if (!audiences.includes(resource)) throw new errors.InvalidTarget();
  return { audience: resource, scope: scopes.join(" "), accessTokenFormat: format };
};

const provider = (issuer, keys) =>
  new Provider(issuer, {
    clients: Object.entries(clients).map(([client_id, registered]) => ({
      client_id,
      ...(typeof registered === "string" ? { client_secret: registered } : registered),
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    })),
    jwks: { keys },
    scopes,
    enabledJWA: { clientAuthSigningAlgValues: ["RS256", "RS384", "RS512", "ES384"] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audiences[0],
        getResourceServerInfo: resourceServer,
        useGrantedResource: () => true,
      },
    },
  }).callback();

let keys = [await newKey()];
let outage = false;
let answer;

const server = http.createServer(async (request, response) => {
  if (request.url === "/test/rotate") {
    keys = [await newKey(), ...keys];
    answer = provider(issuer, keys);
    response.end();
  } else if (request.url === "/test/outage") {
    outage = request.method === "PUT";
    response.end();
  } else if (outage || (request.url === MOUNTED_AT && metadata !== MOUNTED_AT)) {
    response.writeHead(outage ? 503 : 404).end();
  } else {
    if (request.url === metadata) request.url = MOUNTED_AT;
    answer(request, response);
  }
});
await new Promise((listening) => server.listen(port, host, listening));
const issuer = settings.issuer ?? `http://127.0.0.1:${server.address().port}`;
answer = provider(issuer, keys);
console.log(issuer);
