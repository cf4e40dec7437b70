// Calls the service by fhir-kit-client: `node fhir_kit_client.mjs` and its settings in JSON:
//   config   of the client: baseUrl, bearerToken, customHeaders
//   calls    by name: [method of the client, its argument]
// It writes, by the same names, {answer} or, of a call that the client throws for, {status, refusal}.
import { Client } from "fhir-kit-client";

const { config, calls } = JSON.parse(process.argv[2]);
const client = new Client(config);

const made = async ([method, argument]) => {
  try {
    return { answer: await client[method](argument) };
  } catch ({ response }) {
    return { status: response.status, refusal: response.data };
  }
};

const results = Object.entries(calls).map(async ([name, call]) => [name, await made(call)]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(results))));
